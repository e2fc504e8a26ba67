"""One story of random faults: people with phones and apps on a cloud of three nodes, a plan, healing, and quiet.

Everything the actors see goes into the history. The story waits and acts; what is right is judged by checker.py.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from typing import Self

from tests.scenarios.random_faults.app_lines import Identity
from tests.scenarios.random_faults.app_servers import MiniApp
from tests.scenarios.random_faults.event_checks import fresh_events_reach_every_subscriber
from tests.scenarios.random_faults.faults import Faults
from tests.scenarios.random_faults.history import Healed, History, RunSeen, Settled
from tests.scenarios.random_faults.phones import Wearer
from tests.scenarios.random_faults.plan import MACHINE, STREAMS, Step
from tests.scenarios.random_faults.rows import Database, Rows
from tests.scenarios.random_faults.unrest import (
    running_apps,
    unfulfilled,
    unrest_of,
    unrest_of_absent,
    wishes_of,
)
from tests.scenarios.random_faults.user_steps import UserSteps
from tests.support.cloud import Cloud
from tests.support.stage import Person

WATCH_SECONDS = 0.7
POLL_SECONDS = 0.2
SETTLE_SECONDS = 75.0


class Story:
    """Holds the actors; an asynchronous context manager that clears everything away."""

    def __init__(
        self, cloud: Cloud, database: Database, *, seed: int, users: int, families: Sequence[str]
    ) -> None:
        self.history = History()
        self.done: list[Step] = []
        self.wearers: list[Wearer] = []
        self.apps = [MiniApp(self.history) for _ in families]
        self._families = families
        self._users = users
        self._cloud = cloud
        self._database = database
        self._dice = random.Random(seed)  # noqa: S311 - to be repeated, nothing secret
        self._faults = Faults(cloud, self.apps, database, self.history)
        self._user_steps = UserSteps(self.wearers, self.apps, cloud.nodes)
        self._watcher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._register)
        for app in self.apps:
            await app.start()
        for wearer in self.wearers:
            wearer.start()
        self._watcher = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        for wearer in self.wearers:
            await wearer.stop()
        for app in self.apps:
            await app.end()

    def _register(self) -> None:
        urls = [self._cloud.node_ws_url(node) for node in range(self._cloud.nodes)]
        for number in range(self._users):
            email = f"user-{number}@example.com"
            dice = random.Random(self._dice.random())  # noqa: S311
            person = Person(email, self._cloud.issue_token(email))
            self.wearers.append(Wearer(person, urls, self.history, dice))
        for number, (app, family) in enumerate(zip(self.apps, self._families, strict=True)):
            record = self._cloud.create_app(f"com.example.random{number}", app.url, app_type="background")
            app.identity = Identity(record.package_name, record.api_key, family, self._cloud.port)
            for wearer in self.wearers:
                self._cloud.install_app(record.package_name, wearer.email)

    async def begin(self) -> None:
        """Have everybody start every app, and wait until all run."""
        await self._until("everybody is online", lambda rows: self._unrest(rows, away=[]))
        for wearer in self.wearers:
            for app in self.apps:
                await wearer.wish(app.package_name, running=True)
        await self._until("all apps run", lambda rows: self._unrest(rows, away=[], wished=True))

    async def play(self, plan: Sequence[Step]) -> None:
        """Take every step at its time; return when all is done and what was broken works again."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for who in {step.who for step in plan}:
                steps = [step for step in plan if step.who == who]
                group.create_task(self._play(steps, began))
        self.history.note(Healed())

    async def _play(self, steps: Sequence[Step], began: float) -> None:
        """The steps of one user wait for each other, those of machines do not."""
        async with asyncio.TaskGroup() as group:
            for step in steps:
                await asyncio.sleep(began + step.at - time.monotonic())
                self.done.append(step)
                if step.who == MACHINE:
                    group.create_task(self._faults.play(step))
                else:
                    await self._user_steps.play(step)

    async def settle(self, away: Sequence[Wearer]) -> None:
        """Let `away` leave for good and everybody else be online; wait for quiet, then for what they wish."""
        for wearer in self.wearers:
            if wearer in away:
                wearer.go_offline()
            else:
                wearer.go_online()
        await self._until("everything is quiet", lambda rows: self._unrest(rows, away))
        await self._repeat_wishes(away)
        await self._until("every wish is fulfilled", lambda rows: self._unrest(rows, away, wished=True))
        here = [wearer for wearer in self.wearers if wearer not in away]
        self.history.note(Settled(online={w.email: w.line.node for w in here if w.line is not None}))

    async def _repeat_wishes(self, away: Sequence[Wearer]) -> None:
        """Have users look at their phones and start again what failed, or stop what they could not tell."""
        rows = await asyncio.to_thread(self._database.read, with_moves=False)
        for (user, package), wanted in wishes_of(self.history).items():
            wearer = next(wearer for wearer in self.wearers if wearer.email == user)
            if wearer not in away and wanted != (package in running_apps(rows, user)):
                await wearer.wish(package, running=wanted)

    async def hear_fresh_events(self, away: Sequence[Wearer]) -> None:
        """Have everybody send each event twice, waiting each time until every app has heard what it wants.

        What the first ones cause too often has come by the time the second ones are heard.
        """
        for _ in range(2):
            for wearer in self.wearers:
                if wearer not in away:
                    await wearer.press(STREAMS)
            await self._until(
                "fresh events are heard", lambda rows: fresh_events_reach_every_subscriber(self.history, rows)
            )

    def _unrest(self, rows: Rows, away: Sequence[Wearer], *, wished: bool = False) -> list[str]:
        found = []
        for wearer in self.wearers:
            if wearer in away:
                found += unrest_of_absent(rows, wearer)
                continue
            found += unrest_of(rows, wearer, self.apps)
            if wished:
                found += unfulfilled(rows, wearer, wishes_of(self.history))
        return found

    async def _until(self, what: str, unrest: Callable[[Rows], list[str]]) -> None:
        deadline = time.monotonic() + SETTLE_SECONDS
        while left := unrest(await asyncio.to_thread(self._database.read, with_moves=False)):
            assert time.monotonic() < deadline, f"not so within {SETTLE_SECONDS} s: {what}; left: {left}"
            await asyncio.sleep(POLL_SECONDS)

    async def _watch(self) -> None:
        """Note the rows of the apps now and then."""
        while True:
            began = time.time()
            self._note_runs(await asyncio.to_thread(self._database.read, with_moves=False), began)
            await asyncio.sleep(WATCH_SECONDS)

    def _note_runs(self, rows: Rows, began: float) -> None:
        live = {row.session: row.user for row in rows.sessions if row.state in ("ACTIVE", "DISCONNECTED")}
        for run in rows.runs:
            if run.session in live:
                self.history.note(
                    RunSeen(
                        at=began,
                        user=live[run.session],
                        package=run.package,
                        state=run.state,
                        subscriptions=tuple(sorted(run.subscriptions)),
                        read_until=time.time(),
                    )
                )
