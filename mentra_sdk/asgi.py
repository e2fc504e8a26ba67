"""The little of ASGI that an app's server needs. Knows no session."""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
# Frameworks write the three types differently.
Application = Callable[[Any, Any, Any], Awaitable[None]]

MAX_BODY_BYTES = 1_048_576


class BodyTooLarge(Exception):
    """A request body beyond what its route takes."""


class Answer(msgspec.Struct, frozen=True):
    """A JSON response."""

    status: int
    body: dict[str, Any]


async def read_body(receive: Receive, max_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Return the whole body of a request; raises BodyTooLarge."""
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > max_bytes:
            raise BodyTooLarge
        if not event.get("more_body", False):
            return bytes(body)


async def respond(send: Send, answer: Answer) -> None:
    """Send `answer` as the response."""
    body = msgspec.json.encode(answer.body)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def refuse_socket(receive: Receive, send: Send) -> None:
    """Refuse a WebSocket: there is none here."""
    await receive()
    await send({"type": "websocket.close"})


async def follow_lifespan(receive: Receive, send: Send, lifespan: AbstractAsyncContextManager[None]) -> None:
    """Be inside of `lifespan` between the server's start and stop."""
    await receive()
    async with lifespan:
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


def get_path(scope: Scope) -> str:
    """Return the path below the point where the application is mounted."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


def mount_beside(application: Application, other: Application, *, prefix: str) -> Application:
    """Return an application that is `application` below `prefix` and `other` everywhere else.

    Start and stop of the server go to `application`: for an `other` that knows neither, such as Django.
    """
    root = f"/{prefix.strip('/')}"

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await application(scope, receive, send)
        elif f"{get_path(scope)}/".startswith(f"{root}/"):
            await application({**scope, "root_path": scope.get("root_path", "") + root}, receive, send)
        else:
            await other(scope, receive, send)

    return serve
