"""Daphne's HTTP connections, with an end to those that never ask for anything."""

import asyncio
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest

from mentra_site.servers import listener


class NodeRequest(WebRequest):  # type: ignore[misc]
    """A request that notes when its headers are complete."""

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        self.channel.has_asked = True
        super().gotLength(length)


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
