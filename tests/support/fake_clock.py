"""A clock that only moves when a test moves it."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

LONGEST_CHAIN = 30
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class FakeTimer:
    """A callback on a FakeClock."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class FakeClock:
    """Implements sessions_app.clock.Clock; `advance` runs what falls due, in order."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._elapsed = 0.0
        self._queue: list[tuple[float, int, FakeTimer]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    def call_later(self, delay_seconds: float, callback: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(callback)
        heapq.heappush(self._queue, (self._elapsed + delay_seconds, next(self._order), timer))
        return timer

    def advance(self, seconds: float) -> None:
        """Move time on by `seconds` and run every callback that falls due on the way."""
        self._run_until(self._elapsed + seconds)

    async def pass_time(self, seconds: float) -> None:
        """Move time on like `advance`, but let tasks do what follows from each moment before the next one comes."""
        end = self._elapsed + seconds
        await _tasks_settled()
        while self._queue and self._queue[0][0] <= end:
            self._run_until(self._queue[0][0])
            await _tasks_settled()
        self._elapsed = end

    def _run_until(self, end: float) -> None:
        while self._queue and self._queue[0][0] <= end:
            due, _, timer = heapq.heappop(self._queue)
            self._elapsed = max(self._elapsed, due)
            if timer.callback is not None:
                timer.callback()
        self._elapsed = max(self._elapsed, end)


async def _tasks_settled() -> None:
    """Let the event loop turn often enough for a chain of tasks that wake one another."""
    for _ in range(LONGEST_CHAIN):
        await asyncio.sleep(0)
