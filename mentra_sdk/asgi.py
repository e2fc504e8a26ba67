"""The little of ASGI that an app's server needs. Knows no session."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_BODY_BYTES = 1_048_576


class BodyTooLarge(Exception):
    """A request body beyond MAX_BODY_BYTES."""


class Answer(msgspec.Struct, frozen=True):
    """A JSON response."""

    status: int
    body: dict[str, Any]


async def read_body(receive: Receive) -> bytes:
    """Return the whole body of a request; raises BodyTooLarge."""
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge
        if not event.get("more_body", False):
            return bytes(body)


async def respond(send: Send, answer: Answer) -> None:
    """Send `answer` as the response."""
    body = msgspec.json.encode(answer.body)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def follow_lifespan(receive: Receive, send: Send, on_shutdown: Callable[[], Awaitable[None]]) -> None:
    """Answer the server's start and stop, calling `on_shutdown` in between."""
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await on_shutdown()
            await send({"type": "lifespan.shutdown.complete"})
            return


def get_path(scope: Scope) -> str:
    """Return the path below the point where the application is mounted."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"
