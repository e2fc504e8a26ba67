"""From an HTTP request to the function that answers it: body, proof, route. Knows no session and no call."""

import time
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from mentra_sdk import webhooks
from mentra_sdk.asgi import MAX_BODY_BYTES, Answer, BodyTooLarge, Receive, Scope, get_path, read_body
from mentra_sdk.errors import InvalidSignature

ALIAS_PREFIX = "/api/_mentraos"


class Request(msgspec.Struct, frozen=True):
    """A request whose body is complete and, where its route wants that, proven to be the cloud's."""

    headers: dict[bytes, bytes]
    body: bytes


class Route(msgspec.Struct, frozen=True):
    """What answers one method and path; `is_signed` False for what others than the cloud may ask."""

    answer: Callable[[Request], Awaitable[Answer]]
    is_signed: bool = True
    max_body_bytes: int = MAX_BODY_BYTES


class Router:
    """The routes of an app by method and path; each is there under its plain path and below ALIAS_PREFIX."""

    def __init__(self, routes: Mapping[tuple[str, str], Route], *, webhook_secret: str | None) -> None:
        self._routes = dict(routes)
        self._webhook_secret = webhook_secret

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer one ASGI request: 404 without a route, 413 too large, 401 without proof."""
        route = self._routes.get((scope["method"], get_path(scope).removeprefix(ALIAS_PREFIX)))
        if route is None:
            return failure(404, "There is nothing here")
        try:
            request = Request(dict(scope["headers"]), await read_body(receive, route.max_body_bytes))
            if route.is_signed and self._webhook_secret is not None:
                now_ms = int(time.time() * 1000)
                webhooks.verify(self._webhook_secret, request.headers, request.body, now_ms)
            return await route.answer(request)
        except BodyTooLarge:
            return failure(413, "The request is too large")
        except InvalidSignature as problem:
            return failure(401, str(problem))


def failure(status: int, message: str) -> Answer:
    """Return an answer that says what is wrong, as the clouds read it."""
    return Answer(status, {"status": "error", "message": message})
