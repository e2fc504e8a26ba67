"""The messages a phone received, with waiting by event. Knows no protocol."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from sessions_app.simulator.errors import ConnectionLost, NothingCame

Message = dict[str, Any]
Predicate = Callable[[Message], bool]


class Inbox:
    """Keeps the last `capacity` messages in `history`; `take` hands each one out at most once."""

    def __init__(self, capacity: int) -> None:
        self.history: deque[Message] = deque(maxlen=capacity)
        self._untaken: deque[Message] = deque(maxlen=capacity)
        self._arrived = asyncio.Event()
        self._end: ConnectionLost | None = None

    def put(self, message: Message) -> None:
        """Add a message and wake those who wait."""
        self.history.append(message)
        self._untaken.append(message)
        self._wake()

    def open(self) -> None:
        """Messages may come, again."""
        self._end = None

    def end(self, loss: ConnectionLost) -> None:
        """No message will come: those who wait get `loss`."""
        self._end = loss
        self._wake()

    async def take(self, predicate: Predicate, timeout_seconds: float, what: str) -> Message:
        """Return the oldest matching message nobody took, waiting for it if need be.

        `what` names it in the error. Raises NothingCame after `timeout_seconds` and ConnectionLost when the
        connection ended.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                while True:
                    for message in self._untaken:
                        if predicate(message):
                            self._untaken.remove(message)
                            return message
                    if self._end is not None:
                        raise self._end
                    await self._arrived.wait()
        except TimeoutError as late:
            raise NothingCame(f"{what} did not come within {timeout_seconds:g} s.") from late

    def _wake(self) -> None:
        self._arrived.set()
        self._arrived = asyncio.Event()
