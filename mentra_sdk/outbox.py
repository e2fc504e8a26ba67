"""What waits to be sent to the cloud. Knows no socket.

While the connection is away the outbox holds back, bounded: messages that replace each other (drawings of
one view) keep only the newest, and beyond the capacity the oldest go. Sound is never dropped here: who brings more
than there is room for is told.
"""

import asyncio
from collections import deque
from typing import NamedTuple, Protocol

from mentra_sdk.wire import ToCloud

CAPACITY = 500
MOST_BYTES = 2 * 1024 * 1024


class Send(Protocol):
    """Sends a message; while the connection is away it takes the place of the one it `replaces`."""

    def __call__(self, message: ToCloud, *, replaces: str | None = None) -> None: ...


class Outgoing(NamedTuple):
    """A frame that waits: JSON text or sound, and the name under which a text may be replaced or withdrawn."""

    replaces: str | None
    frame: str | bytes


class Outbox:
    """A bounded queue of frames with a valve: `capacity` texts and `most_bytes` of sound."""

    def __init__(self, capacity: int = CAPACITY, *, most_bytes: int = MOST_BYTES) -> None:
        self.dropped = 0
        self._capacity = capacity
        self._most_bytes = most_bytes
        self._waiting: deque[Outgoing] = deque()
        self._texts = 0
        self._bytes = 0
        self._ready = asyncio.Event()
        self._held = True

    def put(self, text: str, *, replaces: str | None = None, first: bool = False) -> None:
        """Queue `text`; while held, it takes the place of an earlier text with the same `replaces`.

        With `first` it leaves before all that waits.
        """
        if self._held and replaces is not None:
            self.withdraw(replaces)
        if self._texts >= self._capacity:
            self._remove(next(each for each in self._waiting if isinstance(each.frame, str)))
            self.dropped += 1
        self._add(Outgoing(replaces, text), first=first)
        self._update()

    def put_bytes(self, *frames: bytes) -> bool:
        """Queue binary frames; false, and none is queued, when there is no room for all."""
        if not self.has_room(sum(map(len, frames))):
            return False
        for frame in frames:
            self._add(Outgoing(None, frame))
        self._update()
        return True

    def has_room(self, count: int) -> bool:
        """Tell whether there is room for so many bytes more."""
        return self._bytes + count <= self._most_bytes

    def withdraw(self, replaces: str) -> None:
        """Drop the texts queued under this name."""
        for each in [each for each in self._waiting if each.replaces == replaces]:
            self._remove(each)
        self._update()

    async def take(self) -> Outgoing:
        """Return what waits longest, waiting until there is something and the valve is open."""
        await self._ready.wait()
        oldest = self._waiting[0]
        self._remove(oldest)
        self._update()
        return oldest

    def give_back(self, frame: Outgoing) -> None:
        """Queue a frame that could not be sent, before everything else."""
        self._add(frame, first=True)
        self._update()

    def hold(self) -> None:
        """Close the valve: the connection is away."""
        self._held = True
        self._update()

    def release(self) -> None:
        """Open the valve: the session is attached."""
        self._held = False
        self._update()

    def _add(self, outgoing: Outgoing, *, first: bool = False) -> None:
        if first:
            self._waiting.appendleft(outgoing)
        else:
            self._waiting.append(outgoing)
        self._count(outgoing, 1)

    def _remove(self, outgoing: Outgoing) -> None:
        self._waiting.remove(outgoing)
        self._count(outgoing, -1)

    def _count(self, outgoing: Outgoing, sign: int) -> None:
        if isinstance(outgoing.frame, str):
            self._texts += sign
        else:
            self._bytes += sign * len(outgoing.frame)

    def _update(self) -> None:
        if self._waiting and not self._held:
            self._ready.set()
        else:
            self._ready.clear()
