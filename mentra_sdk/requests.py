"""Requests that wait for their answer, each known by an id. Knows no kind of request and no socket.

The answer may come over another connection than the question went: the cloud holds it while the session reconnects.
"""

import asyncio
import uuid
from typing import Any, Protocol, TypeVar

from mentra_sdk.errors import RequestFailed, RequestRefused, RequestTimedOut, SessionOver
from mentra_sdk.wire import ToCloud

A = TypeVar("A")


class Way(Protocol):
    """The way of a request to the cloud."""

    def send(self, message: ToCloud, *, replaces: str | None = None) -> None:
        """Send a message, now or once attached."""

    def withdraw(self, replaces: str) -> None:
        """Drop what was sent under this name and did not leave yet."""


class Requests:
    """The open requests of one session."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._waiting: dict[str, tuple[type[object], asyncio.Future[Any]]] = {}
        self._is_over = False

    async def ask(self, message: ToCloud, request_id: str, *, answer: type[A], timeout_seconds: float) -> A:
        """Send a request and return its answer; raises RequestRefused, RequestTimedOut or SessionOver."""
        if self._is_over:
            raise SessionOver(request_id=request_id)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = (answer, future)
        try:
            self._way.send(message, replaces=request_id)
            async with asyncio.timeout(timeout_seconds):
                found: A = await future
                return found
        except TimeoutError as late:
            raise RequestTimedOut(timeout_seconds, request_id=request_id) from late
        finally:
            self._way.withdraw(request_id)
            if self._waiting.get(request_id) == (answer, future):
                del self._waiting[request_id]

    def answer(self, request_id: str, answer: object) -> bool:
        """Hand an answer to whoever waits for one of its class under this id; false when nobody does."""
        kind, future = self._waiting.get(request_id, (type(None), None))
        if future is None or future.done() or not isinstance(answer, kind):
            return False
        future.set_result(answer)
        return True

    def refuse(self, request_id: str, code: str, message: str) -> bool:
        """Fail the request of this id; false when there is none."""
        return self._fail(request_id, RequestRefused(code, message, request_id=request_id))

    def close(self) -> None:
        """Fail everything that waits, and what is asked from now on: the session is over."""
        self._is_over = True
        for request_id in list(self._waiting):
            self._fail(request_id, SessionOver(request_id=request_id))

    def _fail(self, request_id: str, problem: RequestFailed) -> bool:
        _, future = self._waiting.get(request_id, (None, None))
        if future is None or future.done():
            return False
        future.set_exception(problem)
        return True


def new_request_id(kind: str) -> str:
    """Return an id that no other request has, such as "photo_req_…"."""
    return f"{kind}_{uuid.uuid4()}"
