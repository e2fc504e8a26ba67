"""How long the parts of an HTTP call took."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import aiohttp


@dataclass(slots=True)
class Timing:
    """Milliseconds of a call; None for what was not needed or not reached.

    `dns` is the look-up of the name, `connect` the making of a connection with TLS, `wait` from the sent request to
    the first bytes of the answer, `total` all of it.
    """

    dns: float | None = None
    connect: float | None = None
    wait: float | None = None
    total: float | None = None
    _began: float = field(default_factory=time.perf_counter)
    _resolving_since: float = 0.0
    _connecting_since: float = 0.0
    _sent_at: float = 0.0

    def resolving(self) -> None:
        """The name of the server is being looked up."""
        self._resolving_since = time.perf_counter()

    def resolved(self) -> None:
        """The address is known."""
        self.dns = _since(self._resolving_since)

    def connecting(self) -> None:
        """A new connection is being made; the look-up of the name is a part of that."""
        self._connecting_since = time.perf_counter()

    def connected(self) -> None:
        """The connection stands."""
        self.connect = round(_since(self._connecting_since) - (self.dns or 0.0), 2)

    def sent(self) -> None:
        """The request is on its way."""
        self._sent_at = time.perf_counter()

    def answered(self) -> None:
        """The first bytes of the answer came."""
        self.wait = _since(self._sent_at or self._began)

    def ended(self) -> None:
        """All of it is over."""
        self.total = _since(self._began)


def timed() -> aiohttp.TraceConfig:
    """Return what makes a client keep the Timing that a request has as its `trace_request_ctx`, if it has one."""
    config = aiohttp.TraceConfig()
    config.on_dns_resolvehost_start.append(_keeping(Timing.resolving))
    config.on_dns_resolvehost_end.append(_keeping(Timing.resolved))
    config.on_connection_create_start.append(_keeping(Timing.connecting))
    config.on_connection_create_end.append(_keeping(Timing.connected))
    config.on_request_headers_sent.append(_keeping(Timing.sent))
    config.on_request_end.append(_keeping(Timing.answered))
    return config


def _keeping(step: Callable[[Timing], None]) -> Any:
    async def on_event(_: aiohttp.ClientSession, context: SimpleNamespace, __: Any) -> None:
        if context.trace_request_ctx is not None:
            step(context.trace_request_ctx)

    return on_event


def _since(moment: float) -> float:
    return round((time.perf_counter() - moment) * 1000, 2)
