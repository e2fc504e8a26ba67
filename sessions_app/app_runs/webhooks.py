"""Calls to app servers: signed, bounded in time, and made through the guard as every call to a developer's URL."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from sessions_app.app_runs.pacing import AT_ONCE, retry_after_seconds, worth_retrying
from sessions_app.inspection.exchange import MOST_BODY_BYTES, Exchange, bounded_headers
from sessions_app.lasting_client import LastingClient
from sessions_app.outbound.guard import Failure, call_outside, open_client
from sessions_app.protocol.webhooks import signature_headers

_OK = 200
_MULTIPLE_CHOICES = 300
# Waiting for a free connection eats the time of a call, so the queue of a host (hosts.py) lets fewer calls in than it
# has connections.
_MOST_CONNECTIONS_PER_HOST = 2 * AT_ONCE
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """How a call ended. `status` is None when there was no HTTP answer; then `problem` says why.

    `is_refusal`: this cloud did not make the call, because the app may not run any more. `exchange` is None for a
    call that was not made, `failure` says why one that was made got no HTTP answer. `body` is at most 64 KiB.
    """

    status: int | None
    problem: str = ""
    retry_after_seconds: float | None = None
    timed_out: bool = False
    is_refusal: bool = False
    failure: Failure | None = None
    exchange: Exchange | None = None
    body: bytes = b""

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


class AppServers:
    """The HTTP client for app servers. One per node; connections are reused."""

    def __init__(self) -> None:
        self._client = LastingClient(lambda: open_client(connections_per_host=_MOST_CONNECTIONS_PER_HOST))

    async def post(
        self,
        public_url: str,
        path: str,
        body: msgspec.Struct,
        *,
        secrets: Sequence[str],
        timeout_seconds: float,
    ) -> HookAnswer:
        """POST a signed JSON body to `public_url` + `path`. Never raises; redirects are not followed."""
        payload = _encode(body)
        headers = {
            "Content-Type": "application/json",
            **signature_headers(secrets, int(time.time() * 1000), payload),
        }
        url = public_url + path
        answer = await call_outside(
            self._client.get(),
            "POST",
            url,
            body=payload,
            headers=headers,
            timeout_seconds=timeout_seconds,
        )
        return HookAnswer(
            answer.status,
            answer.problem,
            retry_after_seconds=retry_after_seconds(answer.headers.get("Retry-After", ""), datetime.now(UTC)),
            timed_out=answer.failure is Failure.TIMED_OUT,
            failure=answer.failure,
            exchange=Exchange(
                url,
                headers,
                payload,
                answer.timing,
                bounded_headers(answer.headers),
                answer.body[:MOST_BODY_BYTES],
            ),
            body=answer.body,
        )

    async def close(self) -> None:
        """Close the connections kept for reuse."""
        await self._client.close()


async def post_once(
    public_url: str, path: str, body: msgspec.Struct, *, secrets: Sequence[str], timeout_seconds: float
) -> HookAnswer:
    """Do what `AppServers.post` does, with a client of its own: for pages and REST."""
    servers = AppServers()
    try:
        return await servers.post(public_url, path, body, secrets=secrets, timeout_seconds=timeout_seconds)
    finally:
        await servers.close()
