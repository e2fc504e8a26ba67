"""Asking a media server by HTTP, in the codes of the interface. Each call has a connection of its own: the callers'
event loops differ, and calls are few.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

import aiohttp
import msgspec

from sessions_app.hosted_http import HostedApi, NoAnswer
from sessions_app.media_servers.server import MediaServerError

# A provider makes an input within a second or two; an app is told that there is no stream after 25.
TIMEOUT: Final = aiohttp.ClientTimeout(total=8.0, connect=3.0)
_CODES: Final = {400: "REFUSED", 404: "NOT_FOUND", 409: "MAX_OUTPUTS_REACHED"}

T = TypeVar("T")


class Caller:
    """One server's address and key; with `missing`, what the operator must do before it can be asked."""

    def __init__(
        self,
        name: str,
        url: str,
        key: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        missing: str = "",
    ) -> None:
        self._missing = missing
        self._name = name
        self._url = url
        self._key = key
        self._headers = {"Authorization": f"Bearer {key}"} if headers is None else dict(headers)
        self._timeout = timeout

    async def ask(self, method: str, path: str, form: type[T], body: object | None = None) -> T:
        """Return the answer, read as `form`; raises MediaServerError."""
        answer = await self._ask(method, path, body)
        try:
            return msgspec.json.decode(answer, type=form)
        except msgspec.MsgspecError as trouble:
            raise MediaServerError(
                "UNAVAILABLE", f"{self._name} gave an answer that is not understood"
            ) from trouble

    async def tell(self, method: str, path: str, body: object | None = None) -> None:
        """Ask for something whose answer says nothing; raises MediaServerError."""
        await self._ask(method, path, body)

    async def _ask(self, method: str, path: str, body: object | None) -> bytes:
        if self._missing:
            raise MediaServerError("UNAVAILABLE", f"{self._name} is not configured: {self._missing}")
        api = HostedApi(self._name, self._url, self._key, self._headers, self._timeout, refused_seconds=0.0)
        try:
            async with api.answer(method, path, body) as response:
                return await response.read()
        except NoAnswer as trouble:
            code = _CODES.get(trouble.status or 0, "UNAVAILABLE")
            raise MediaServerError(code, str(trouble)) from None
        finally:
            await api.close()
