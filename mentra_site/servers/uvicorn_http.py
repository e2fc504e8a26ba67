"""uvicorn's HTTP connections, with an end to those that never ask for anything."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from mentra_site.servers import listener


class NodeHTTPProtocol(H11Protocol):
    """A connection that must send its first headers in time, however slowly they drip in."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(listener.LONGEST_HEADERS_SECONDS, self._drop_silent)

    def _drop_silent(self) -> None:
        has_asked = bool(self.cycle) or self.transport.get_protocol() is not self
        if not has_asked:
            self.transport.abort()
