"""Calls to the cloud's REST endpoints of app servers. Knows addresses and refusals, not what is stored."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec
from yarl import URL

from mentra_sdk.dialing import Identity, is_loopback
from mentra_sdk.errors import StorageFailed

ANSWER_SECONDS = 10
SOCKET_PATHS = ("/app-ws", "/ws/miniapp")


class StorageCalls:
    """Asks for what the app stored about the session's user, at the cloud its socket leads to just now."""

    def __init__(self, identity: Identity, socket_url: Callable[[], str]) -> None:
        self._identity = identity
        self._socket_url = socket_url

    async def ask(self, method: str, key: str | None = None, body: Any = None) -> bytes:
        """Return the answer's body; raises StorageFailed."""
        who = self._identity
        headers = {"Authorization": f"Bearer {who.package_name}:{who.api_key}"}
        path = "/".join(quote(part, safe="") for part in (who.user_id, key) if part is not None)
        url = f"{rest_address(self._socket_url())}/api/sdk/simple-storage/{path}"
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=not is_loopback(url)) as http,
                http.request(method, URL(url, encoded=True), json=body, headers=headers) as answer,
            ):
                said = await answer.read()
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise StorageFailed(f"the cloud's storage does not answer: {problem!r}") from problem
        if not answer.ok:
            wait = answer.headers.get("Retry-After", "")
            raise StorageFailed(
                f"the cloud's storage refuses, {answer.status}: {_reason(said)}",
                status=answer.status,
                retry_after_seconds=int(wait) if wait.isdecimal() else None,
            )
        return said


def rest_address(socket_url: str) -> str:
    """Return the address of the cloud whose socket for apps this is."""
    for path in SOCKET_PATHS:
        socket_url = socket_url.removesuffix(path)
    return "http" + socket_url.removeprefix("ws")


def _reason(said: bytes) -> str:
    try:
        return str(msgspec.json.decode(said)["error"])
    except (msgspec.DecodeError, LookupError, TypeError):
        return "no reason given"
