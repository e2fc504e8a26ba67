"""Calls to app servers: signed, bounded in time, kept out of private networks unless a setting allows them."""

import asyncio
import ipaddress
import logging
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from django.conf import settings

from sessions_app.app_runs.pacing import AT_ONCE, retry_after_seconds, worth_retrying
from sessions_app.protocol.webhooks import signature_headers

logger = logging.getLogger(__name__)

_OK = 200
_MULTIPLE_CHOICES = 300
_MOST_ANSWER_BYTES = 64 * 1024
# Waiting for a free connection eats the time of a call, so the queue of a host (hosts.py) lets fewer calls in than it
# has connections, and a few hosts that hang leave enough for the others.
_MOST_CONNECTIONS = 1000
_MOST_CONNECTIONS_PER_HOST = 2 * AT_ONCE
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """How a call ended. `status` is None when there was no HTTP answer; then `problem` says why.

    `is_refusal`: this cloud did not make the call, because the app may not run any more.
    """

    status: int | None
    problem: str = ""
    retry_after_seconds: float | None = None
    timed_out: bool = False
    is_refusal: bool = False

    @property
    def ok(self) -> bool:
        """Whether the server accepted the call."""
        return self.status is not None and _OK <= self.status < _MULTIPLE_CHOICES

    @property
    def is_final(self) -> bool:
        """Whether the call was refused in a way that another try will not change (lifecycle §4.3)."""
        return self.is_refusal or not (self.ok or worth_retrying(self.status))

    def __str__(self) -> str:
        return self.problem or f"HTTP {self.status}"


class PublicOnlyResolver(AbstractResolver):
    """Resolves host names and leaves out addresses inside private networks (P-62)."""

    def __init__(self) -> None:
        self._inner = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        allowed = [result for result in found if is_public(result["host"])]
        if not allowed:
            raise OSError(f"{host} resolves to a private address, which this cloud does not call")
        return allowed

    async def close(self) -> None:
        await self._inner.close()


def is_public(address: str) -> bool:
    """Say whether an IP address is reachable from the public internet."""
    return ipaddress.ip_address(address).is_global


class AppServers:
    """The HTTP client for app servers. One per node; connections are reused."""

    def __init__(self) -> None:
        self._client: aiohttp.ClientSession | None = None

    async def post(
        self, public_url: str, path: str, body: msgspec.Struct, *, secret: str, timeout_seconds: float
    ) -> HookAnswer:
        """POST a signed JSON body to `public_url` + `path`. Never raises; redirects are not followed."""
        payload = _encode(body)
        headers = {
            "Content-Type": "application/json",
            **signature_headers(secret, int(time.time() * 1000), payload),
        }
        try:
            async with (
                asyncio.timeout(timeout_seconds),
                self._open().post(
                    public_url + path, data=payload, headers=headers, allow_redirects=False
                ) as response,
            ):
                await response.content.read(_MOST_ANSWER_BYTES)
                return HookAnswer(response.status, retry_after_seconds=_retry_after(response))
        except TimeoutError:
            return HookAnswer(None, f"no answer within {timeout_seconds:g} s", timed_out=True)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return HookAnswer(None, str(error) or type(error).__name__)

    async def close(self) -> None:
        """Close the connections kept for reuse."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _open(self) -> aiohttp.ClientSession:
        if self._client is None:
            self._client = aiohttp.ClientSession(connector=_connector(), trust_env=False)
        return self._client


def _connector() -> aiohttp.TCPConnector:
    if settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS:
        return aiohttp.TCPConnector(limit=_MOST_CONNECTIONS, limit_per_host=_MOST_CONNECTIONS_PER_HOST)
    return _PublicOnlyConnector(
        limit=_MOST_CONNECTIONS, limit_per_host=_MOST_CONNECTIONS_PER_HOST, resolver=PublicOnlyResolver()
    )


class _PublicOnlyConnector(aiohttp.TCPConnector):
    """Also refuses URLs that name a private address directly: those never reach the resolver."""

    async def connect(self, req: Any, *rest: Any, **named: Any) -> Any:
        host = req.url.raw_host or ""
        try:
            literal_is_private = not is_public(host)
        except ValueError:
            literal_is_private = False
        if literal_is_private:
            raise OSError(f"{host} is a private address, which this cloud does not call")
        return await super().connect(req, *rest, **named)


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
    return retry_after_seconds(response.headers.get("Retry-After", ""), datetime.now(UTC))
