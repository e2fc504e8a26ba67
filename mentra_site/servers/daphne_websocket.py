"""Daphne's WebSocket connection, mended where the wire protocol needs more than stock Daphne gives.

A close frame carries its reason and any code; `send` waits while the peer does not read, and a close with `abort`
ends the connection of one that never will; pings go out on time whatever else is said (pitfalls P-29, P-31); a
peer's close is answered when the application is done with the socket. Knows nothing of what is in the frames.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from autobahn.twisted.websocket import WebSocketServerProtocol
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet.interfaces import IPushProducer
from twisted.internet.tcp import Connection
from zope.interface import implementer

from mentra_site.servers.frames import (
    OPCODE_BINARY,
    OPCODE_PING,
    OPCODE_PONG,
    OPCODE_TEXT,
    encode_frame,
    read_whole_frames,
)
from mentra_site.servers.inbox import Inbox
from mentra_site.servers.stopping import LONGEST_GOODBYE_SECONDS

MOST_REASON_BYTES = 123
PING = encode_frame(OPCODE_PING, b"")


@implementer(IPushProducer)
class WriteGate:
    """Closed by the transport while the peer leaves too much unread; open again when it reads or is lost."""

    __slots__ = ("_opened",)

    def __init__(self) -> None:
        self._opened: asyncio.Event | None = None

    @property
    def is_closed(self) -> bool:
        return self._opened is not None

    async def wait_until_open(self) -> None:
        if self._opened is not None:
            await self._opened.wait()

    def pauseProducing(self) -> None:  # noqa: N802
        # The transport says so again at each further write; who waits already must not be forgotten.
        if self._opened is None:
            self._opened = asyncio.Event()

    def resumeProducing(self) -> None:  # noqa: N802
        if self._opened is not None:
            self._opened.set()
            self._opened = None

    stopProducing = resumeProducing  # noqa: N815


class NodeWebSocketProtocol(WebSocketProtocol):  # type: ignore[misc]
    """One WebSocket of a node."""

    has_application = False
    # Nothing to copy from the factory to each connection, which took a third of an upgrade: see `take_options`.
    CONFIG_ATTRS: Sequence[str] = ()

    @classmethod
    def take_options(cls, factory: WebSocketFactory) -> None:
        """Make the options of the factory those of all connections; to be called when they are complete."""
        for name in WebSocketServerProtocol.CONFIG_ATTRS:
            option = getattr(factory, name)
            # A function kept by a class would be called as a method of it.
            setattr(cls, name, staticmethod(option) if callable(option) else option)

    def connectionMade(self) -> None:  # noqa: N802
        self.gate = WriteGate()
        self.inbox = Inbox(self.transport)
        self._next_ping: asyncio.TimerHandle | None = None
        self._goodbye: asyncio.TimerHandle | None = None
        self._owes_close = False
        super().connectionMade()

    async def send_event(self, event: dict[str, Any]) -> None:
        """Take one ASGI event of the application; return when the peer can take more."""
        kind = event["type"]
        if event.get("abort"):
            self.dropConnection(abort=True)
        elif kind == "websocket.send" and self.state == self.STATE_OPEN:
            data = event.get("bytes")
            if data is not None:
                self._write(encode_frame(OPCODE_BINARY, data))
            else:
                self._write(encode_frame(OPCODE_TEXT, event["text"].encode()))
            if self.gate.is_closed:
                await self.gate.wait_until_open()
        elif kind == "websocket.close" and self.state == self.STATE_OPEN:
            reason = (event.get("reason") or "").encode()[:MOST_REASON_BYTES].decode(errors="ignore")
            self.sendCloseFrame(code=event.get("code", 1000), reasonUtf8=reason.encode())
        elif self.state == self.STATE_CONNECTING:
            self.handle_reply(event)

    def onOpen(self) -> None:  # noqa: N802
        super().onOpen()
        # The HTTP channel of the upgrade is still registered and would go on steering what it has left.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self.gate, True)
        self._schedule_ping()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Take whole frames by the short way; leave the rest to the full parser."""
        if self.state == self.STATE_OPEN and not (self.data or self.current_frame or self.inside_message):
            taken = 0
            try:
                for frame in read_whole_frames(data, self.maxMessagePayloadSize):
                    if frame.opcode != OPCODE_PONG:
                        self.onMessage(frame.payload, frame.opcode == OPCODE_BINARY)
                    taken = frame.end
            except UnicodeDecodeError:
                # The full parser knows how to refuse it.
                pass
            data = data[taken:]
        if data:
            self._dataReceived(data)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        if self.muted:
            return
        content = {"bytes": payload} if isBinary else {"text": payload.decode()}
        self.inbox.put_nowait({"type": "websocket.receive", **content}, len(payload))

    def onCloseFrame(self, code: int | None, reasonRaw: bytes | None) -> bool | None:  # noqa: N802, N803
        """Tell the application of the peer's close at once; what answers the peer is held back below."""
        held = super().onCloseFrame(code, reasonRaw)
        if self._owes_close:
            self._report_close(self.remoteCloseCode, self.remoteCloseReason)
            self.muted = True
            self._goodbye = asyncio.get_event_loop().call_later(LONGEST_GOODBYE_SECONDS, self.say_goodbye)
        return bool(held)

    def sendCloseFrame(  # noqa: N802
        self,
        code: int | None = None,
        reasonUtf8: bytes | None = None,  # noqa: N803
        isReply: bool = False,  # noqa: FBT001, FBT002, N803
    ) -> None:
        """Send a close; the reply to the peer's own waits until the application has ended."""
        if isReply and self.has_application:
            self._owes_close = True
        else:
            super().sendCloseFrame(code, reasonUtf8, isReply)

    def dropConnection(self, abort: bool = False) -> None:  # noqa: FBT001, FBT002, N802
        if abort or not self._owes_close:
            super().dropConnection(abort)

    def say_goodbye(self) -> None:
        """Answer the peer's close that waits for it, if any: the application is done or takes too long."""
        if not self._owes_close:
            return
        self._owes_close = False
        if self._goodbye is not None:
            self._goodbye.cancel()
        super().sendCloseFrame(code=self.CLOSE_STATUS_CODE_NORMAL, isReply=True)
        super().dropConnection(abort=False)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:  # noqa: N802, N803
        del wasClean
        if self._next_ping is not None:
            self._next_ping.cancel()
        if self._goodbye is not None:
            self._goodbye.cancel()
        if not self.has_application:
            return
        self.server.protocol_disconnected(self)
        if not self.muted:
            self._report_close(code, reason)
        self.server.log_action("websocket", f"closed {code}", {"path": self.path, "client": self.client_addr})

    def _report_close(self, code: int | None, reason: str | None) -> None:
        event = {"type": "websocket.disconnect", "code": code or 1005, "reason": reason or ""}
        self.inbox.put_nowait(event)

    def check_timeouts(self) -> None:
        """Refuse a handshake that takes too long; pings have their own timer."""
        if self.state == self.STATE_CONNECTING and self.duration() > self.server.websocket_connect_timeout:
            self.serverReject()

    def _write(self, data: bytes) -> None:
        """Hand bytes to the kernel at once; to the transport's buffer only what the kernel does not take."""
        transport = self.transport
        sent = 0
        if isinstance(transport, Connection) and _has_nothing_to_write(transport):
            try:
                sent = transport.socket.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                self.dropConnection(abort=True)
                return
        if sent < len(data):
            transport.write(data[sent:])

    def _schedule_ping(self) -> None:
        self._next_ping = asyncio.get_event_loop().call_later(self.server.ping_interval, self._ping)

    def _ping(self) -> None:
        if self.state != self.STATE_OPEN:
            return
        if not self.gate.is_closed:
            self._write(PING)
        self._schedule_ping()


def _has_nothing_to_write(transport: Connection) -> bool:
    return bool(
        transport.connected
        and not transport.disconnecting
        and not transport.dataBuffer
        and not transport._tempDataBuffer  # noqa: SLF001
    )
