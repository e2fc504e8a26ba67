"""What a socket has sent and its consumer has not taken yet; a flooding peer is made to wait, not stored."""

import asyncio
from collections import deque
from typing import Any, Protocol

MOST_MESSAGES = 256
MOST_BYTES = 1024 * 1024


class Readable(Protocol):
    """The reading side of a Twisted transport."""

    def pauseProducing(self) -> None: ...  # noqa: N802

    def resumeProducing(self) -> None: ...  # noqa: N802


class Inbox:
    """A queue of ASGI events with one reader. Reading from the peer stops while too much waits in it."""

    __slots__ = ("_bytes", "_messages", "_paused", "_transport", "_waiter")

    def __init__(self, transport: Readable) -> None:
        self._transport = transport
        self._messages: deque[dict[str, Any]] = deque()
        self._bytes = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None

    def put_nowait(self, message: dict[str, Any], size: int = 0) -> None:
        """Add an event; `size` is what it holds of the peer's bytes."""
        self._messages.append(message)
        if self._waiter is not None:
            if not self._waiter.done():
                self._waiter.set_result(None)
            return
        self._bytes += size
        if not self._paused and (len(self._messages) > MOST_MESSAGES or self._bytes > MOST_BYTES):
            self._paused = True
            self._transport.pauseProducing()

    async def get(self) -> dict[str, Any]:
        """Return the next event; wait for it if need be."""
        if not self._messages:
            self._catch_up()
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._messages.popleft()

    def _catch_up(self) -> None:
        self._bytes = 0
        if self._paused:
            self._paused = False
            self._transport.resumeProducing()
