"""How many seconds of work a second of speech costs, over the last minutes."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

WINDOW_SECONDS: Final = 180.0
_MOST_ENTRIES: Final = 2_000


class WorkMeter:
    """May be told from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._entries: deque[tuple[float, float, float]] = deque(maxlen=_MOST_ENTRIES)
        self._lock = Lock()

    def note(self, *, work_seconds: float = 0.0, speech_seconds: float = 0.0) -> None:
        """Count work that was done, and speech that was heard to its end."""
        with self._lock:
            self._entries.append((self._clock(), work_seconds, speech_seconds))

    def factor(self) -> float | None:
        """Return seconds of work per second of speech, None before there was speech."""
        with self._lock:
            while self._entries and self._entries[0][0] < self._clock() - WINDOW_SECONDS:
                self._entries.popleft()
            speech = sum(entry[2] for entry in self._entries)
            return round(sum(entry[1] for entry in self._entries) / speech, 3) if speech else None
