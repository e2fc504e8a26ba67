"""Sound on its way from an app to a phone: kept in bounds, read by position, forgotten once it is known to be there."""

from collections import deque
from typing import Final

MOST_BYTES: Final = 2 * 1024 * 1024
# Where the sound of a stream begins whose earlier sound is lost: beyond every position a reader can have.
FRESH_START: Final = 1 << 40


class SoundBuffer:
    """Bytes in their order. Positions count them from the beginning of the stream, those that were dropped too."""

    __slots__ = ("_frames", "end", "start")

    def __init__(self, start: int = 0, data: bytes = b"") -> None:
        self._frames: deque[bytes] = deque((data,) if data else ())
        self.start = start
        self.end = start + len(data)

    def __len__(self) -> int:
        return self.end - self.start

    def add(self, data: bytes) -> int:
        """Add a frame; return how many of the oldest bytes were dropped to make room for it."""
        self._frames.append(data)
        self.end += len(data)
        dropped = 0
        while len(self) > MOST_BYTES:
            dropped += self._drop_oldest()
        return dropped

    def has_more(self, after: int) -> bool:
        """Whether there is sound for a reader that has everything up to a position."""
        return self._place(after) < self.end

    def read(self, after: int, most: int) -> tuple[int, bytes]:
        """Return at most so many bytes after a position, and the position behind them.

        A reader that missed dropped sound goes on behind the gap.
        """
        place = self._place(after)
        self.forget_through(place)
        data = bytearray()
        for frame in self._frames:
            data += frame[: most - len(data)]
            if len(data) >= most:
                break
        return place + len(data), bytes(data)

    def clear(self) -> None:
        """Forget everything."""
        self._frames.clear()
        self.start = self.end

    def _place(self, after: int) -> int:
        return after if self.start <= after <= self.end else self.start

    def forget_through(self, after: int) -> None:
        """Forget what lies before a position: its reader has it."""
        place = self._place(after)
        while self._frames and self.start + len(self._frames[0]) <= place:
            self._drop_oldest()
        if self.start < place:
            self._frames[0] = self._frames[0][place - self.start :]
            self.start = place

    def _drop_oldest(self) -> int:
        size = len(self._frames.popleft())
        self.start += size
        return size
