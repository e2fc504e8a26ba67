"""What users, their phones and their apps do when their step of the plan has come."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tests.scenarios.random_faults.app_servers import MiniApp
from tests.scenarios.random_faults.phones import Wearer
from tests.scenarios.random_faults.plan import Step, pick_streams

STORM_PAUSE_SECONDS = 0.15
# Some are away for longer than the grace period.
LONGEST_LEAVE_SECONDS = 14.0


class UserSteps:
    """Carries out the steps of users."""

    def __init__(self, wearers: Sequence[Wearer], apps: Sequence[MiniApp], nodes: int) -> None:
        self._wearers = wearers
        self._apps = apps
        self._nodes = nodes
        self._actions: dict[str, Callable[[Step, Wearer], Awaitable[None]]] = {
            "press": self._press,
            "subscribe": self._subscribe,
            "start": self._start_or_stop,
            "stop": self._start_or_stop,
            "drop": self._drop,
            "move": self._move,
            "storm": self._storm,
            "swap": self._swap,
            "leave": self._leave,
            "blip": self._blip,
            "draw": self._draw,
        }

    async def play(self, step: Step) -> None:
        """Return when the user has done it; what becomes of it is not waited for."""
        await self._actions[step.action](step, self._wearers[step.who])

    def _app(self, step: Step) -> MiniApp:
        return self._apps[int(step.choice * len(self._apps))]

    async def _press(self, step: Step, wearer: Wearer) -> None:
        await wearer.press(pick_streams(step.amount))

    async def _subscribe(self, step: Step, wearer: Wearer) -> None:
        await self._app(step).subscribe(wearer.email, pick_streams(step.amount))

    async def _start_or_stop(self, step: Step, wearer: Wearer) -> None:
        await wearer.wish(self._app(step).package_name, running=step.action == "start")

    async def _drop(self, _: Step, wearer: Wearer) -> None:
        wearer.drop()

    async def _move(self, step: Step, wearer: Wearer) -> None:
        wearer.drop()
        wearer.dial(int(step.choice * self._nodes))

    async def _storm(self, step: Step, wearer: Wearer) -> None:
        for _ in range(3 + int(step.amount * 4)):
            wearer.dial()
            await asyncio.sleep(STORM_PAUSE_SECONDS)

    async def _swap(self, _: Step, wearer: Wearer) -> None:
        wearer.dial()

    async def _leave(self, step: Step, wearer: Wearer) -> None:
        wearer.go_offline(step.amount * LONGEST_LEAVE_SECONDS)

    async def _blip(self, step: Step, wearer: Wearer) -> None:
        self._app(step).blip(wearer.email)

    async def _draw(self, step: Step, wearer: Wearer) -> None:
        await self._app(step).draw(wearer.email)
