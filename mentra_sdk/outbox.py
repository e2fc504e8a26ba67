"""What waits to be sent to the cloud. Knows no socket.

While the connection is away the outbox holds back, bounded: messages that replace each other (drawings of
one view) keep only the newest, and beyond the capacity the oldest go.
"""

import asyncio
from collections import deque
from typing import Protocol

from mentra_sdk.wire import ToCloud

CAPACITY = 500


class Send(Protocol):
    """Sends a message; while the connection is away it takes the place of the one it `replaces`."""

    def __call__(self, message: ToCloud, *, replaces: str | None = None) -> None: ...


class Outbox:
    """A bounded queue of JSON texts with a valve."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.dropped = 0
        self._capacity = capacity
        self._waiting: deque[tuple[str | None, str]] = deque()
        self._ready = asyncio.Event()
        self._held = True

    def put(self, text: str, *, replaces: str | None = None) -> None:
        """Queue `text`; while held, it takes the place of an earlier text with the same `replaces`."""
        if self._held and replaces is not None:
            self._waiting = deque(item for item in self._waiting if item[0] != replaces)
        self._waiting.append((replaces, text))
        if len(self._waiting) > self._capacity:
            self._waiting.popleft()
            self.dropped += 1
        self._update()

    async def take(self) -> str:
        """Return the oldest text, waiting until there is one and the valve is open."""
        await self._ready.wait()
        _, text = self._waiting.popleft()
        self._update()
        return text

    def hold(self) -> None:
        """Close the valve: the connection is away."""
        self._held = True
        self._update()

    def release(self) -> None:
        """Open the valve: the session is attached."""
        self._held = False
        self._update()

    def _update(self) -> None:
        if self._waiting and not self._held:
            self._ready.set()
        else:
            self._ready.clear()
