"""Requests to phone and glasses that are waiting for an answer, each with the time at which it is given up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sessions_app.clock import Clock, Timer
from sessions_app.media.rules import HardwareKind
from sessions_app.media.usage import HardwareUsage
from sessions_app.outbound.commands import Destination

MOST_OPEN_REQUESTS = 200
MOST_OF_AN_APP = 50
TOLERANCE_SECONDS = 5.0

Place = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that is not sent yet: how to try it, and what to do when it will not be tried any more."""

    run: Callable[[], None]
    drop: Callable[[], None]
    timer: Timer


@dataclass(frozen=True, slots=True)
class Waiting:
    """What to do with the answer, and when none came; where the phone was sent with it, if anywhere.

    The answer to a photo is a PhotoOutcome, that to anything else the phone's frame as it came.
    """

    package_name: str
    kind: str
    on_answer: Callable[[Any], None]
    on_timeout: Callable[[], None]
    timer: Timer
    destination: Destination | None = None


class HardwareRequests:
    """The open requests of one session, and those that wait for phone, glasses or camera to be sent at all.

    `usage` is what those that were carried out left behind.
    """

    def __init__(self, clock: Clock) -> None:
        self.usage = HardwareUsage()
        self._clock = clock
        self._waiting: dict[str, Waiting] = {}
        self._for_reach: dict[Place, Attempt] = {}
        self._for_camera: dict[Place, Attempt] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._for_reach) + len(self._for_camera)

    def is_full_for(self, package_name: str) -> bool:
        """Whether no further request of this app can be taken now."""
        if len(self) >= MOST_OPEN_REQUESTS:
            return True
        own = sum(waiting.package_name == package_name for waiting in self._waiting.values())
        return own + sum(name == package_name for name, _ in self._attempts()) >= MOST_OF_AN_APP

    def is_waiting(self, kind: str) -> bool:
        """Whether a request of this kind is still without its answer."""
        return any(waiting.kind == kind for waiting in self._waiting.values())

    def is_open(self, request_id: str) -> bool:
        """Whether a request is still without its answer."""
        return request_id in self._waiting

    def wait_for(
        self,
        request_id: str,
        package_name: str,
        seconds: float,
        *,
        kind: str,
        on_answer: Callable[[Any], None],
        on_timeout: Callable[[], None],
        destination: Destination | None = None,
    ) -> None:
        """Remember a request that was sent to the phone; it takes the place of an earlier one of this id."""
        earlier = self._waiting.pop(request_id, None)
        if earlier is not None:
            earlier.timer.cancel()

        def give_up() -> None:
            waiting = self._waiting.pop(request_id)
            on_timeout()
            self._ended(waiting)

        self._waiting[request_id] = Waiting(
            *(package_name, kind, on_answer, on_timeout),
            self._clock.call_later(seconds, give_up),
            destination,
        )

    def destination_of(self, request_id: str, kind: str) -> Destination | None:
        """Return where an open request of this kind leads; None when there is none or it leads nowhere."""
        waiting = self._waiting.get(request_id)
        return waiting.destination if waiting is not None and waiting.kind == kind else None

    def is_of(self, request_id: str, package_name: str) -> bool:
        """Whether a request is open and this app's."""
        waiting = self._waiting.get(request_id)
        return waiting is not None and waiting.package_name == package_name

    def answered(self, request_id: str, answer: Any, *, kind: str = "") -> bool:
        """Hand an answer to whoever asked; false when nobody waits for it any more, or for one of another `kind`."""
        waiting = self._waiting.get(request_id)
        if waiting is None or kind not in ("", waiting.kind):
            return False
        del self._waiting[request_id]
        waiting.timer.cancel()
        waiting.on_answer(answer)
        self._ended(waiting)
        return True

    def forget(self, request_id: str) -> None:
        """Drop a request without a word."""
        waiting = self._waiting.pop(request_id, None)
        if waiting is not None:
            waiting.timer.cancel()
            self._ended(waiting)

    def askers(self) -> set[str]:
        """Return whose requests are open or wait to be sent."""
        waiting = {request.package_name for request in self._waiting.values()}
        return waiting | {package for package, _ in self._attempts()}

    def forget_app(self, package_name: str) -> None:
        """Drop every request of an app without a word: it has stopped."""
        for line in (self._for_reach, self._for_camera):
            for place in [place for place in line if place[0] == package_name]:
                line.pop(place).timer.cancel()
        for request_id, waiting in list(self._waiting.items()):
            if waiting.package_name == package_name:
                self.forget(request_id)

    def try_when_reachable(
        self, package_name: str, run: Callable[[], None], drop: Callable[[], None]
    ) -> None:
        """Do `run` for an app when phone and glasses are back, at the latest after 5 s (P-43)."""
        self._line_up(self._for_reach, package_name, run, drop)

    def try_when_camera_is_free(
        self, package_name: str, run: Callable[[], None], drop: Callable[[], None]
    ) -> None:
        """Do `run` for an app when no photo is being taken and it is its turn, at the latest after 5 s."""
        self._line_up(self._for_camera, package_name, run, drop)

    def reachable(self) -> None:
        """Phone and glasses are there: run what waited for them."""
        attempts, self._for_reach = self._for_reach, {}
        for attempt in attempts.values():
            attempt.timer.cancel()
            attempt.run()

    def give_up(self) -> None:
        """Treat every request as if its time were over: whoever waits is answered now."""
        waiting = list(self._waiting.values())
        attempts = [*self._for_reach.values(), *self._for_camera.values()]
        self.close()
        for request in waiting:
            request.on_timeout()
        for attempt in attempts:
            attempt.drop()

    def close(self) -> None:
        """Drop everything."""
        for waiting in self._waiting.values():
            waiting.timer.cancel()
        for attempt in (*self._for_reach.values(), *self._for_camera.values()):
            attempt.timer.cancel()
        self._waiting.clear()
        self._for_reach.clear()
        self._for_camera.clear()

    def _attempts(self) -> list[Place]:
        return [*self._for_reach, *self._for_camera]

    def _line_up(
        self,
        line: dict[Place, Attempt],
        package_name: str,
        run: Callable[[], None],
        drop: Callable[[], None],
    ) -> None:
        place = (package_name, object())

        def last_time() -> None:
            line.pop(place, None)
            run()

        line[place] = Attempt(run, drop, self._clock.call_later(TOLERANCE_SECONDS, last_time))

    def _ended(self, request: Waiting) -> None:
        """After a photo it is the turn of whoever waited longest for the camera."""
        if request.kind != HardwareKind.PHOTO:
            return
        while self._for_camera and not self.is_waiting(HardwareKind.PHOTO):
            attempt = self._for_camera.pop(next(iter(self._for_camera)))
            attempt.timer.cancel()
            attempt.run()
