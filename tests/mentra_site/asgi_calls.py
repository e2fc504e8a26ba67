"""Calls an ASGI application for one HTTP request without a server."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Answered:
    """What an ASGI application sent for one request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def get(
    application: Callable[[Any, Any, Any], Awaitable[None]], path: str = "/", method: str = "GET"
) -> Answered:
    """Return the whole answer to one request."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    headers = [(b"host", b"testserver")]
    scope = {"type": "http", "path": path, "method": method, "headers": headers, "query_string": b""}
    await application(scope, receive, send)
    given = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], given, b"".join(event.get("body", b"") for event in sent[1:]))
