"""Frames on their way to one peer: sent at once while it keeps up, kept in bounds while it does not."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from typing import Any
from weakref import WeakSet

from sessions_app.outbound import metrics
from sessions_app.outbound.link import Tap
from sessions_app.protocol.codes import CloseCode, CloseReason
from sessions_app.transport.backlog import Backlog, Frame

logger = logging.getLogger(__name__)

Send = Callable[[Frame], Awaitable[None]]

# How long a peer that does not read may take until it has read what is left and the close frame.
CLOSING_SECONDS = 10.0


class _Rest:
    """Awaits the rest of a send that suspended: what it waits for now, then the coroutine itself."""

    def __init__(self, coroutine: Any, waiting_for: Any) -> None:
        self._coroutine = coroutine
        self._waiting_for = waiting_for

    def __await__(self) -> Generator[Any, Any, None]:
        value = yield self._waiting_for
        while True:
            try:
                waiting_for = self._coroutine.send(value)
            except StopIteration:
                return
            value = yield waiting_for


class Outbox:
    """The only writer of a socket.

    A server's `send` completes without suspending while the peer reads. Such a frame costs no task switch. Once a
    send suspends, a writer task takes over until the backlog is empty again; meanwhile the oldest audio is dropped
    and counted, and a peer that lets other messages pile up is closed 1013. A peer that does not read its close
    either loses its connection.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._backlog = Backlog()
        self._writer: asyncio.Task[None] | None = None
        self._last_moment: asyncio.TimerHandle | None = None
        self._closing = False
        self.closed_with = ""
        self.tap: Tap | None = None

    @property
    def is_open(self) -> bool:
        """False once a close was asked for or the peer was seen to be gone."""
        return not self._closing

    @property
    def is_congested(self) -> bool:
        """Whether frames wait for the peer to read."""
        return self._writer is not None

    @property
    def waiting_bytes(self) -> int:
        """How much waits for the peer to read."""
        return self._backlog.audio_bytes + self._backlog.text_bytes

    def send_text(self, text: str, replaces: str = "") -> None:
        """Send or queue a text frame; with a name in `replaces`, instead of the one of that name still queued."""
        if self._closing:
            return
        if self.tap is not None:
            self.tap.sent(text)
        if self._writer is None:
            self._try({"type": "websocket.send", "text": text})
            return
        self._backlog.add_text(text, replaces)
        if self._backlog.is_too_long:
            metrics.socket_closes["any", "slow"] += 1
            self._backlog.clear()
            self.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TOO_SLOW)

    def send_bytes(self, data: bytes) -> None:
        """Send or queue a binary frame."""
        if self._closing:
            return
        if self.tap is not None:
            self.tap.sent_bytes(len(data))
        if self._writer is None:
            self._try({"type": "websocket.send", "bytes": data})
        elif dropped := self._backlog.add_sound(data):
            metrics.dropped_audio_frames["any"] += dropped

    def close(self, code: int, reason: str = "") -> None:
        """Send what is queued, then the close frame; later frames are dropped."""
        if self._closing:
            return
        self._closing = True
        self.closed_with = f"{int(code)} {reason}".rstrip()
        frame = {"type": "websocket.close", "code": int(code), "reason": str(reason)}
        if self._writer is None:
            self._try(frame)
            return
        self._backlog.add_last(frame)
        loop = asyncio.get_running_loop()
        self._last_moment = loop.call_later(CLOSING_SECONDS, self._cut, frame)

    def abandon(self) -> None:
        """The peer is gone: drop what is queued."""
        self._closing = True
        self._stop_writing()

    def _cut(self, closing: Frame) -> None:
        """End the connection of a peer that has not read its close: the node's servers know `abort`."""
        self._stop_writing()
        self._try({**closing, "abort": True})

    def _try(self, frame: Frame) -> None:
        sending: Any = self._send(frame)
        try:
            waiting_for = sending.send(None)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - each server has its own exception for a peer that left
            self._lost(error)
            return
        self._writer = asyncio.get_running_loop().create_task(self._write(_Rest(sending, waiting_for)))
        _congested.add(self)

    async def _write(self, rest: _Rest) -> None:
        try:
            await rest
            while self._backlog:
                await self._send(self._backlog.next())
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._lost(error)
        finally:
            if self._writer is asyncio.current_task():
                self._ended()

    def _lost(self, error: Exception) -> None:
        logger.debug("A peer left while it was sent something: %r", error)
        self._closing = True
        self._backlog.clear()

    def _stop_writing(self) -> None:
        self._backlog.clear()
        if self._writer is not None:
            self._writer.cancel()
            self._ended()

    def _ended(self) -> None:
        self._writer = None
        _congested.discard(self)
        if self._last_moment is not None:
            self._last_moment.cancel()
            self._last_moment = None


_congested: WeakSet[Outbox] = WeakSet()
metrics.watch("outbox_bytes", lambda: sum(outbox.waiting_bytes for outbox in _congested))
metrics.watch("slow_sockets", lambda: len(_congested))
