"""The sound of a session as one stream with positions, and what of it may have to be heard once more.

Pure but for the clock: knows no worker.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sessions_app.clock import Clock
from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE

PAUSE_SECONDS: Final = 1.0
MOST_KEPT_SAMPLES: Final = 30 * SAMPLE_RATE
# Of pieces that are shorter than those of any phone, so many.
MOST_KEPT_PIECES: Final = 6_000
_NEVER: Final = float("-inf")


class SoundStream:
    """Counts samples since the stream began; a pause counts like the sound that it lacks.

    `position` is that of the next sample. What was added and not settled is kept, within bounds.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.position = 0
        self.last_at = _NEVER
        self._began_at = _NEVER
        self._kept: deque[tuple[int, bytes]] = deque()
        self._kept_samples = 0

    @property
    def is_quiet(self) -> bool:
        """Whether no sound comes at present."""
        return self._clock.monotonic() - self.last_at > PAUSE_SECONDS

    def silent_seconds(self) -> float:
        """Return for how long no sound came."""
        return self._clock.monotonic() - self.last_at

    def add(self, samples: bytes) -> int:
        """Take a piece that was heard now; return its position."""
        now = self._clock.monotonic()
        if now - self.last_at > PAUSE_SECONDS:
            self._skip_pause(now, len(samples) // SAMPLE_BYTES)
        self.last_at = now
        position = self.position
        self.position = position + len(samples) // SAMPLE_BYTES
        return position

    def keep(self, position: int, samples: bytes) -> int:
        """Keep a piece until it is settled; return how many samples were given up for it, the oldest ones."""
        self._kept.append((position, samples))
        self._kept_samples += len(samples) // SAMPLE_BYTES
        dropped = 0
        while self._kept_samples > MOST_KEPT_SAMPLES or len(self._kept) > MOST_KEPT_PIECES:
            dropped += self._forget_oldest()
        return dropped

    def settle(self, position: int) -> None:
        """Keep nothing any more of what was heard before a position."""
        while self._kept and self._kept[0][0] + len(self._kept[0][1]) // SAMPLE_BYTES <= position:
            self._forget_oldest()

    def reach(self, position: int) -> None:
        """Go on from a position that somebody else has sound up to."""
        self.position = max(self.position, position)

    def kept_from(self, position: int) -> Iterator[tuple[int, bytes]]:
        """Yield what is kept from a position on."""
        for begin, samples in self._kept:
            skipped = max(0, position - begin) * SAMPLE_BYTES
            if skipped < len(samples):
                yield max(begin, position), samples[skipped:]

    @property
    def first_kept(self) -> int:
        """The position of the oldest sound that is kept, or of the next that comes."""
        return self._kept[0][0] if self._kept else self.position

    def forget(self) -> None:
        """Keep nothing: nobody wants to hear it."""
        self._kept.clear()
        self._kept_samples = 0

    def time_of(self, milliseconds: int) -> datetime:
        """Return when something was said that the stream has at this time."""
        ago = self._clock.monotonic() - self._began_at if self._began_at != _NEVER else 0.0
        return self._clock.now() + timedelta(seconds=milliseconds / 1_000 - ago)

    def snapshot(self) -> dict[str, float]:
        """Return what the next owner needs to count on, JSON-able; nothing before the stream began."""
        if self._began_at == _NEVER:
            return {}
        return {"position": self.position, "began": self.time_of(0).timestamp()}

    def restore(self, position: int, began: float) -> None:
        """Count on where the last owner stopped; the time between is a pause."""
        self._began_at = self._clock.monotonic() - max(0.0, self._clock.now().timestamp() - began)
        self.position = position
        self.last_at = _NEVER

    def _skip_pause(self, now: float, samples: int) -> None:
        """Have the piece end now. Sound that came late in a heap is ahead already and stays so."""
        if self._began_at == _NEVER:
            self._began_at = now - samples / SAMPLE_RATE
            return
        self.position = max(self.position, int((now - self._began_at) * SAMPLE_RATE) - samples)

    def _forget_oldest(self) -> int:
        _, samples = self._kept.popleft()
        self._kept_samples -= len(samples) // SAMPLE_BYTES
        return len(samples) // SAMPLE_BYTES
