"""uvicorn's WebSocket connection, mended where the wire protocol needs more.

A peer's close is answered when the application is done with the socket; a close with `abort`, or one that the peer
does not answer, ends the connection of a peer that reads nothing. Knows nothing of what is in the frames.
"""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from mentra_site.servers.stopping import LONGEST_GOODBYE_SECONDS


class NodeWebSocketProtocol(WebSocketsSansIOProtocol):
    """One WebSocket of a node."""

    _goodbye: asyncio.TimerHandle | None = None

    def handle_close(self, event: Frame) -> None:
        """Tell the application of the peer's close at once; the answer waits for `say_goodbye`."""
        if self.close_sent or self.transport.is_closing() or self.conn.close_rcvd is None:
            super().handle_close(event)
            return
        received = self.conn.close_rcvd
        self.queue.put_nowait(
            {"type": "websocket.disconnect", "code": received.code, "reason": received.reason}
        )
        self._goodbye = self.loop.call_later(LONGEST_GOODBYE_SECONDS, self.say_goodbye)

    async def send(self, message: Any) -> None:
        """Take one ASGI event of the application; return when the peer can take more."""
        if message.get("abort"):
            self.transport.abort()
            return
        await super().send(message)
        if message["type"] == "websocket.close" and self.close_timer is not None:
            # A close of the transport would wait for ever until the peer has read what is left.
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    async def run_asgi(self) -> None:
        application = self.app

        async def until_goodbye(scope: Any, receive: Any, send: Any) -> None:
            try:
                await application(scope, receive, send)
            finally:
                self.say_goodbye()

        self.app = until_goodbye
        await super().run_asgi()

    def say_goodbye(self) -> None:
        """Answer the peer's close that waits for it, if any: the application is done or takes too long."""
        if self._goodbye is None or self.transport.is_closing():
            return
        self._goodbye.cancel()
        self._goodbye = None
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._goodbye is not None:
            self._goodbye.cancel()
        super().connection_lost(exc)
