"""How late the event loop of this node is: the earliest sign that something blocks it (pitfalls P-54)."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.25
# The longest delay of this long is what a health check or a scrape reports.
WINDOW_SECONDS = 15.0
HEARTBEAT_GAP_SECONDS = 2.0


def _ignore(_lag_seconds: float) -> None:
    return None


class LoopLagMonitor:
    """Asks the loop to be woken again and again and notes how late it was; `observe` is told of each delay."""

    def __init__(
        self, tick_seconds: float = TICK_SECONDS, observe: Callable[[float], None] = _ignore
    ) -> None:
        self._tick_seconds = tick_seconds
        self._observe = observe
        self._lags: deque[float] = deque(maxlen=max(1, int(WINDOW_SECONDS / tick_seconds)))
        self._task: asyncio.Task[None] | None = None

    @property
    def worst_seconds(self) -> float:
        """Return the longest delay of the last 15 s."""
        return max(self._lags, default=0.0)

    def start(self) -> None:
        """Watch the running loop until `stop`."""
        self._task = asyncio.create_task(self._watch(), name="event-loop lag")

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def note(self, lag_seconds: float) -> None:
        """Take one measurement."""
        self._lags.append(lag_seconds)
        self._observe(lag_seconds)
        if lag_seconds > HEARTBEAT_GAP_SECONDS:
            logger.warning("heartbeat gap: the event loop stood still for %.1f s", lag_seconds)

    async def _watch(self) -> None:
        while True:
            due = time.monotonic() + self._tick_seconds
            await asyncio.sleep(self._tick_seconds)
            self.note(max(0.0, time.monotonic() - due))
