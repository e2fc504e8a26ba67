"""How busy this worker is, and whether it can take one more session."""

import os
import time
from collections import deque
from collections.abc import Callable

BUSY = 0.85
WINDOW_SECONDS = 10.0
_SMOOTHING = 0.3


class Load:
    """The part of its processors in use, from the CPU time of the process, and how late finals came lately."""

    def __init__(
        self, threads: int, late_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._threads = max(1, min(threads, os.cpu_count() or 1))
        self._late_seconds = late_seconds
        self._clock = clock
        self._looked_at = clock()
        self._cpu_seconds = time.process_time()
        self._finals: deque[tuple[float, float]] = deque()
        self._busy_since: float | None = None
        self.used = 0.0

    def note_final(self, late_seconds: float) -> None:
        """Take how long after the end of an utterance its final came."""
        self._finals.append((self._clock(), late_seconds))

    def look(self) -> float:
        """Measure; to be called about once a second. Returns the part in use, 0-1."""
        now, cpu = self._clock(), time.process_time()
        passed = max(now - self._looked_at, 1e-6)
        share = min(1.0, (cpu - self._cpu_seconds) / passed / self._threads)
        self._looked_at, self._cpu_seconds = now, cpu
        self.used += (share - self.used) * _SMOOTHING
        if self.used < BUSY:
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now
        return self.used

    @property
    def is_overloaded(self) -> bool:
        """Whether it was busy for ten seconds and finals of that time came late on average."""
        now = self._clock()
        while self._finals and now - self._finals[0][0] > WINDOW_SECONDS:
            self._finals.popleft()
        if self._busy_since is None or now - self._busy_since < WINDOW_SECONDS or not self._finals:
            return False
        return sum(late for _, late in self._finals) / len(self._finals) > self._late_seconds
