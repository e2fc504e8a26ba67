"""Frames a connection cannot take yet, in their order: of sound the oldest gives way, nothing else is ever dropped.

Pure: knows no connection.
"""

from collections import deque
from typing import NamedTuple


class DroppedSound(NamedTuple):
    """A piece of a channel's sound that gave way."""

    channel: int
    sample_bytes: int


class Backlog:
    """A queue of frames; of sound it holds at most so many bytes."""

    def __init__(self, most_sound_bytes: int) -> None:
        self._most = most_sound_bytes
        self._frames: dict[int, bytes] = {}
        self._sounds: deque[tuple[int, DroppedSound]] = deque()
        self._sound_bytes = 0
        self._next = 0

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def controls(self) -> int:
        """How many frames wait that may not be dropped."""
        return len(self._frames) - len(self._sounds)

    def put(self, frame: bytes) -> None:
        """Add a frame that must arrive."""
        self._frames[self._next] = frame
        self._next += 1

    def put_sound(self, frame: bytes, channel: int, sample_bytes: int) -> list[DroppedSound]:
        """Add a frame of sound; return what had to give way for it, the oldest first."""
        self._sounds.append((self._next, DroppedSound(channel, sample_bytes)))
        self._sound_bytes += sample_bytes
        self.put(frame)
        dropped = []
        while self._sound_bytes > self._most:
            number, oldest = self._sounds.popleft()
            del self._frames[number]
            self._sound_bytes -= oldest.sample_bytes
            dropped.append(oldest)
        return dropped

    def take(self) -> bytes:
        """Take out the oldest frame; there must be one."""
        number = next(iter(self._frames))
        if self._sounds and self._sounds[0][0] == number:
            self._sound_bytes -= self._sounds.popleft()[1].sample_bytes
        return self._frames.pop(number)
