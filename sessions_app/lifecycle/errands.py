"""Work of this process that goes on when the session it began in leaves: in order within a line, side by side else."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

from sessions_app.outbound import metrics

logger = logging.getLogger(__name__)

MOST_WAITING = 100
LONGEST_SECONDS = 12.0

Errand = Callable[[], Awaitable[None]]


class Errands:
    """Lines of work; each line has a task while something waits in it."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, deque[Errand]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._lines.values())

    def run(self, line: Hashable, errand: Errand, *, most_waiting: int = MOST_WAITING) -> bool:
        """Do `errand` after those that wait in this line; say whether there was room. It has 12 seconds."""
        waiting = self._lines.get(line)
        if waiting is not None:
            if len(waiting) >= most_waiting:
                return False
            waiting.append(errand)
            return True
        self._lines[line] = deque((errand,))
        task = asyncio.get_running_loop().create_task(self._work(line, self._lines[line]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def finish(self, seconds: float) -> None:
        """Wait until nothing is to be done any more, but not longer than `seconds`."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _work(self, line: Hashable, waiting: deque[Errand]) -> None:
        try:
            while waiting:
                await self._do(waiting[0])
                waiting.popleft()
        finally:
            if self._lines.get(line) is waiting:
                del self._lines[line]

    async def _do(self, errand: Errand) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await errand()
        except Exception:
            logger.exception("An errand of this node failed")


errands = Errands()
metrics.watch("errands", lambda: len(errands))
