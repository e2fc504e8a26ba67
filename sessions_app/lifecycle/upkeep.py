"""What keeps a session going on its owner: its identity, clock, ordered writes, tasks and counters."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sessions_app.clock import Clock, Timer
from sessions_app.database import Journal
from sessions_app.outbound.snapshot import Snapshot
from sessions_app.speech.transcripts.notebook import Notebook
from sessions_app.states import SessionRef


@dataclass(slots=True)
class Counters:
    """Metrics of a session that are not yet in its row (lifecycle §11): relayed events, final texts."""

    events: int = 0
    transcripts: int = 0
    apps_used: set[str] = field(default_factory=set)

    def take(self) -> "Counters":
        """Return what was counted and start from zero."""
        taken = Counters(self.events, self.transcripts, set(self.apps_used))
        self.events = self.transcripts = 0
        self.apps_used.clear()
        return taken


MOST_TASKS = 100


class Upkeep:
    """Owns every task and every delayed call of a session, so that none outlives it.

    `is_ending` says that the end of the session is under way here, which nothing interrupts.
    """

    def __init__(self, ref: SessionRef, started_at: datetime, clock: Clock, journal: Journal) -> None:
        self.ref = ref
        self.started_at = started_at
        self.clock = clock
        self.journal = journal
        self.counters = Counters()
        self.snapshot: Snapshot | None = None
        self.transcript = Notebook(ref, journal, clock)
        self.is_ending = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._delayed: dict[str, Timer] = {}

    @property
    def is_busy(self) -> bool:
        """Whether so many tasks run that peers may not have more of them started."""
        return self.task_count >= MOST_TASKS

    @property
    def task_count(self) -> int:
        """How many tasks run for the session."""
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` as a task that is cancelled when the session leaves this owner."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def soon(self, name: str, delay_seconds: float, action: Callable[[], None]) -> None:
        """Run `action` once after a delay; calls under the same name within it become one."""
        if name in self._delayed:
            return

        def run() -> None:
            del self._delayed[name]
            action()

        self._delayed[name] = self.clock.call_later(delay_seconds, run)

    def is_delayed(self, name: str) -> bool:
        """Whether an action under this name is still to be run."""
        return name in self._delayed

    async def close(self) -> None:
        """Cancel what runs, wait for it, and carry out the writes still queued."""
        for timer in self._delayed.values():
            timer.cancel()
        self._delayed.clear()
        if self.snapshot is not None:
            self.snapshot.close()
        current = asyncio.current_task()
        tasks = [task for task in self._tasks if task is not current]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.journal.flush()
        self.journal.close()
