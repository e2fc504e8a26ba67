"""Daphne's HTTP connections, with an end to those that never ask, and patience with those that read slowly."""

import asyncio
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest

from mentra_site.servers import listener


class Pace:
    """How fast a peer takes an answer that comes in pieces; Twisted calls what waits for it a producer."""

    def __init__(self) -> None:
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    def pauseProducing(self) -> None:  # noqa: N802
        """So much waits for the peer that no more should be added."""
        self.may_go_on.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        """The peer has taken what waited."""
        self.may_go_on.set()

    def stopProducing(self) -> None:  # noqa: N802
        """The peer is gone."""
        self.may_go_on.set()


class NodeRequest(WebRequest):  # type: ignore[misc]
    """A request that notes when its headers are complete, and sends no faster than its peer reads."""

    pace: Pace | None = None

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        self.channel.has_asked = True
        super().gotLength(length)

    def handle_reply(self, message: dict[str, Any]) -> None:
        if message.get("more_body") and self.pace is None and self.channel is not None and not self.finished:
            self.pace = Pace()
            self.registerProducer(self.pace, True)
        super().handle_reply(message)

    def finish(self) -> None:
        if self.producer is not None:
            self.unregisterProducer()
        super().finish()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        if self.pace is not None:
            self.pace.stopProducing()
        super().connectionLost(reason)

    async def taken(self) -> None:
        """Return when the peer has taken so much of the answer that more of it may follow."""
        if self.pace is not None:
            await self.pace.may_go_on.wait()


class NodeHTTPFactory(HTTPFactory):  # type: ignore[misc]
    """Makes connections whose first headers must come in time, however slowly they drip in, and may be long."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = NodeRequest
        channel = protocol._channel  # noqa: SLF001
        channel.MAX_LENGTH = channel.totalHeadersSize = listener.MOST_HEADER_BYTES
        asyncio.get_event_loop().call_later(listener.LONGEST_HEADERS_SECONDS, _drop_silent, protocol)
        return protocol


def _drop_silent(protocol: Any) -> None:
    channel = protocol._channel  # noqa: SLF001
    if not getattr(channel, "has_asked", False) and channel.transport is not None:
        channel.transport.abortConnection()
