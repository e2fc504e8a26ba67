"""Calling an app's HTTP routes as the cloud does: in this process by ASGI, or anywhere by its address."""

import json
import time
from typing import Any, Protocol

import aiohttp

from mentra_sdk import webhooks
from mentra_sdk.asgi import Receive, Scope, Send

ANSWER_SECONDS = 20
MALFORMED = 502

Message = dict[str, Any]


class AsgiApp(Protocol):
    """An app that is called in this process: a MiniAppServer, or one mounted in FastAPI, Starlette or Django."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class AppCalls:
    """Posts JSON to one app, signed when it has a secret."""

    def __init__(self, target: AsgiApp | str, *, path: str, webhook_secret: str | None) -> None:
        self._target = target
        self._path = path.rstrip("/")
        self._secret = webhook_secret

    def towards(self, target: AsgiApp | str) -> "AppCalls":
        """Return the same for the app at another place."""
        return AppCalls(target, path=self._path, webhook_secret=self._secret)

    async def post(self, route: str, body: Message) -> tuple[int, Message]:
        """Return status and JSON of the answer."""
        raw = json.dumps(body).encode()
        headers = {"content-type": "application/json", "host": "app.test", **self._signature(raw)}
        if isinstance(self._target, str):
            return await _post(f"{self._target.rstrip('/')}{self._path}{route}", raw, headers)
        return await _call(self._target, f"{self._path}{route}", raw, headers)

    def _signature(self, body: bytes) -> dict[str, str]:
        if self._secret is None:
            return {}
        now_ms = int(time.time() * 1000)
        return {
            webhooks.TIMESTAMP_HEADER.decode(): str(now_ms),
            webhooks.SIGNATURE_HEADER.decode(): webhooks.sign(self._secret, now_ms, body),
        }


async def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, Message]:
    del headers["host"]
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=timeout) as http,
        http.post(url, data=body, headers=headers) as answer,
    ):
        return answer.status, _parse(await answer.read())


async def _call(app: AsgiApp, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Message]:
    status = MALFORMED
    said = bytearray()
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return unread.pop() if unread else {"type": "http.disconnect"}

    async def send(event: Any) -> None:
        nonlocal status
        if event["type"] == "http.response.start":
            status = event["status"]
        else:
            said.extend(event.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
        "server": ("app.test", 80),
    }
    await app(scope, receive, send)
    return status, _parse(bytes(said))


def _parse(body: bytes) -> Message:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
