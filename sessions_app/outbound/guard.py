"""The one way to a URL that a developer chose (P-62): bounded, without redirects, and never into private networks.

A host name is resolved once and the connection goes to an address that was judged, so that a name that changes its
mind between the two gains nothing. WEBHOOK_ALLOW_PRIVATE_NETWORKS lets private addresses in, for development.
"""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from asgiref.sync import async_to_sync
from django.conf import settings
from yarl import URL

from apps_registry.rules import is_public_address
from sessions_app.outbound.timing import Timing, timed

MOST_ANSWER_BYTES = 64 * 1024
CALL_SECONDS = 6.0
_MOST_CONNECTIONS = 1000
_MOST_HEADER_BYTES = 16 * 1024


class Failure(StrEnum):
    """Why a call got no HTTP answer."""

    BAD_URL = "bad_url"
    PRIVATE_ADDRESS = "private_address"
    UNKNOWN_HOST = "unknown_host"
    NOBODY_LISTENS = "nobody_listens"
    TLS_FAILED = "tls_failed"
    TIMED_OUT = "timed_out"
    BROKEN_ANSWER = "broken_answer"


@dataclass(frozen=True, slots=True)
class OutsideAnswer:
    """How a call ended. Without an HTTP answer `status` is None, and `failure` and `problem` (a sentence) say why.

    `body` holds the first bytes of the answer, `is_cut` says that there was more. A redirect is an answer like any.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_cut: bool = False
    failure: Failure | None = None
    problem: str = ""
    timing: Timing = field(default_factory=Timing)

    @property
    def seconds(self) -> float:
        """How long the call took."""
        return (self.timing.total or 0.0) / 1000


class PrivateAddress(OSError):
    """The host is inside a private network."""


class PublicOnlyResolver(AbstractResolver):
    """Resolves host names and leaves out addresses that are not public."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        allowed = [result for result in found if is_public_address(result["host"])]
        if not allowed:
            raise PrivateAddress(f"{host} leads to a private address, which this cloud does not call")
        return allowed

    async def close(self) -> None:
        await self._inner.close()


class _PublicOnlyConnector(aiohttp.TCPConnector):
    """Also refuses URLs that name an address directly: those never reach the resolver."""

    async def connect(self, req: Any, *rest: Any, **named: Any) -> Any:
        host = req.url.raw_host or ""
        try:
            is_private = not is_public_address(host)
        except ValueError:
            is_private = False
        if is_private:
            raise PrivateAddress(f"{host} is a private address, which this cloud does not call")
        return await super().connect(req, *rest, **named)


def open_client(
    *, connections_per_host: int = 0, resolver: AbstractResolver | None = None
) -> aiohttp.ClientSession:
    """Return an HTTP client for `call_outside`, to be closed by its owner; connections are reused, cookies are not."""
    limits: dict[str, Any] = {"limit": _MOST_CONNECTIONS, "limit_per_host": connections_per_host}
    if settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS:
        connector = aiohttp.TCPConnector(resolver=resolver, **limits)
    else:
        connector = _PublicOnlyConnector(resolver=PublicOnlyResolver(resolver), **limits)
    return aiohttp.ClientSession(
        connector=connector,
        trust_env=False,
        # A small answer must not unpack into a large one.
        auto_decompress=False,
        headers={"Accept-Encoding": "identity"},
        cookie_jar=aiohttp.DummyCookieJar(),
        max_field_size=_MOST_HEADER_BYTES,
        trace_configs=[timed()],
    )


async def call_outside(
    client: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_seconds: float = CALL_SECONDS,
    most_bytes: int = MOST_ANSWER_BYTES,
) -> OutsideAnswer:
    """Make one request and return how it ended, within `timeout_seconds` and never by an exception."""
    timing = Timing()
    try:
        address = _read_url(url)
        async with (
            asyncio.timeout(timeout_seconds),
            client.request(
                method, address, data=body, headers=headers, allow_redirects=False, trace_request_ctx=timing
            ) as response,
        ):
            read, is_cut = await _read_start(response, most_bytes)
            timing.ended()
            return OutsideAnswer(response.status, response.headers, read, is_cut, timing=timing)
    except TimeoutError:
        failure, problem = Failure.TIMED_OUT, f"no answer within {timeout_seconds:g} s"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        failure, problem = _explain(error)
    timing.ended()
    return OutsideAnswer(failure=failure, problem=problem, timing=timing)


def call_outside_once(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_seconds: float = CALL_SECONDS,
    most_bytes: int = MOST_ANSWER_BYTES,
) -> OutsideAnswer:
    """Do what `call_outside` does, blocking, with a client of its own: for pages and REST, outside of transactions."""

    async def call() -> OutsideAnswer:
        async with open_client() as client:
            return await call_outside(
                *(client, method, url),
                body=body,
                headers=headers,
                timeout_seconds=timeout_seconds,
                most_bytes=most_bytes,
            )

    answer: OutsideAnswer = async_to_sync(call)()
    return answer


def _read_url(text: str) -> URL:
    url = URL(text)
    if url.scheme not in ("http", "https") or not url.raw_host:
        raise ValueError("the address must begin with http:// or https:// and name a host")
    if url.raw_user is not None or url.raw_password is not None:
        raise ValueError("the address must not contain a log-in")
    return url


async def _read_start(response: aiohttp.ClientResponse, most_bytes: int) -> tuple[bytes, bool]:
    """Return the first bytes of the body and whether there are more."""
    read = bytearray()
    while len(read) <= most_bytes:
        chunk = await response.content.read(most_bytes + 1 - len(read))
        if not chunk:
            return bytes(read), False
        read += chunk
    return bytes(read[:most_bytes]), True


def _explain(error: Exception) -> tuple[Failure, str]:
    # The client wraps what the resolver or the connector raised.
    cause = getattr(error, "os_error", None) or error.__cause__
    said = str(error) or type(error).__name__
    if isinstance(cause, PrivateAddress):
        return Failure.PRIVATE_ADDRESS, str(cause)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Failure.UNKNOWN_HOST, f"there is no host {error.host}"
    if isinstance(error, aiohttp.ClientSSLError):
        return Failure.TLS_FAILED, said
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failure.NOBODY_LISTENS, f"nobody listens at {error.host}:{error.port}"
    if isinstance(error, ValueError) and not isinstance(error, UnicodeError):
        return Failure.BAD_URL, said
    return Failure.BROKEN_ANSWER, said
