"""Asking another company's HTTP API with a key: bounded in time, the key in no error, not again right after a refusal.

Must not know what is asked.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import msgspec

from sessions_app.lasting_client import LastingClient

_OK: Final = range(200, 300)
# Besides those of HTTP: 456, by which DeepL says that what was paid for is used up.
_REFUSALS: Final = frozenset({401, 402, 403, 456})
_PASSING: Final = frozenset({429, 500, 502, 503, 504, 529})
_MOST_REASON_BYTES: Final = 4096
_MOST_REASON_CHARACTERS: Final = 200


class NoAnswer(Exception):
    """A request that failed; the text says how, without the key.

    `is_passing`: another try may work, after `retry_after` seconds if the provider says so. `status` is the one of
    HTTP, None without an answer.
    """

    def __init__(
        self, message: str, *, is_passing: bool, retry_after: float | None = None, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.is_passing = is_passing
        self.retry_after = retry_after
        self.status = status


class HostedApi:
    """One company's API. Connections are reused."""

    def __init__(
        self,
        name: str,
        url: str,
        key: str,
        headers: Mapping[str, str],
        timeout: aiohttp.ClientTimeout,
        *,
        refused_seconds: float,
    ) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._key = key
        self._headers = dict(headers)
        self._refused_seconds = refused_seconds
        self._shut_until = 0.0
        self._why = ""
        self._client = LastingClient(
            lambda: aiohttp.ClientSession(
                timeout=timeout, trust_env=True, cookie_jar=aiohttp.DummyCookieJar()
            )
        )

    @property
    def refusal(self) -> str:
        """Why it is not asked now, "" when it may be."""
        is_shut = bool(self._why) and asyncio.get_running_loop().time() < self._shut_until
        return self._why if is_shut else ""

    @asynccontextmanager
    async def answer(
        self, method: str, path: str, body: object | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Give the answer to a request, its body still to be read; raises NoAnswer, also while it is read."""
        if self.refusal:
            raise NoAnswer(self.refusal, is_passing=False)
        payload = None if body is None else msgspec.json.encode(body)
        headers = self._headers | ({} if body is None else {"Content-Type": "application/json"})
        try:
            async with self._client.get().request(
                method, f"{self._url}{path}", data=payload, headers=headers, allow_redirects=False
            ) as response:
                if response.status not in _OK:
                    raise await self._refused(response)
                yield response
        except TimeoutError:
            raise NoAnswer(f"{self._name} did not answer in time", is_passing=True) from None
        except (aiohttp.ClientError, OSError) as trouble:
            why = f"{self._name} cannot be reached ({type(trouble).__name__})"
            raise NoAnswer(why, is_passing=True) from None

    async def close(self) -> None:
        """Close the connections kept for reuse."""
        await self._client.close()

    async def _refused(self, response: aiohttp.ClientResponse) -> NoAnswer:
        reason = reason_in(await response.content.read(_MOST_REASON_BYTES))
        reason = reason.replace(self._key, "…") if self._key else reason
        why = f"{self._name} answered {response.status}{': ' if reason else ''}{reason}"
        if response.status in _REFUSALS:
            self._why = why
            self._shut_until = asyncio.get_running_loop().time() + self._refused_seconds
        wait = response.headers.get("Retry-After", "")
        return NoAnswer(
            why,
            is_passing=response.status in _PASSING,
            retry_after=float(wait) if wait.isdecimal() else None,
            status=response.status,
        )


def reason_in(body: bytes) -> str:
    """Return what an error's JSON says: `message`, or `detail` or `errors`, a text, an object with it, or a list."""
    try:
        said: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    for step in ("detail", "errors", 0, "message", "msg"):
        if isinstance(said, dict) and step in said:
            said = said[step]
        elif isinstance(said, list) and step == 0 and said:
            said = said[0]
    return said[:_MOST_REASON_CHARACTERS] if isinstance(said, str) else ""
