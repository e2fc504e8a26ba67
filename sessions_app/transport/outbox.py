"""Frames on their way to one peer: sent at once while it keeps up, kept in bounds while it does not."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from sessions_app.outbound import metrics
from sessions_app.protocol.codes import CloseCode, CloseReason

logger = logging.getLogger(__name__)

Frame = dict[str, Any]
Send = Callable[[Frame], Awaitable[None]]

MOST_AUDIO_BYTES = 64_000  # 2 s of PCM16 at 16 kHz
MOST_TEXT_BYTES = 4 * 1024 * 1024
MOST_TEXT_FRAMES = 1_000


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
    send suspends, a writer task takes over until the queue is empty again; meanwhile the oldest audio is dropped
    and counted, and a peer that lets other messages pile up is closed 1013.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._queue: deque[Frame] = deque()
        self._audio_bytes = 0
        self._text_bytes = 0
        self._writer: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def is_open(self) -> bool:
        """False once a close was asked for or the peer was seen to be gone."""
        return not self._closing

    @property
    def is_congested(self) -> bool:
        """Whether frames wait for the peer to read."""
        return self._writer is not None

    def send_text(self, text: str) -> None:
        """Send or queue a text frame."""
        if self._closing:
            return
        if self._writer is None:
            self._try({"type": "websocket.send", "text": text})
            return
        self._queue.append({"type": "websocket.send", "text": text})
        self._text_bytes += len(text)
        if self._text_bytes > MOST_TEXT_BYTES or len(self._queue) > MOST_TEXT_FRAMES:
            metrics.socket_closes["any", "slow"] += 1
            self._drop_all()
            self.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TOO_SLOW)

    def send_bytes(self, data: bytes) -> None:
        """Send or queue a binary frame."""
        if self._closing:
            return
        if self._writer is None:
            self._try({"type": "websocket.send", "bytes": data})
            return
        self._queue.append({"type": "websocket.send", "bytes": data})
        self._audio_bytes += len(data)
        if self._audio_bytes > MOST_AUDIO_BYTES:
            self._drop_oldest_audio()

    def close(self, code: int, reason: str = "") -> None:
        """Send what is queued, then the close frame; later frames are dropped."""
        if self._closing:
            return
        self._closing = True
        frame = {"type": "websocket.close", "code": int(code), "reason": str(reason)}
        if self._writer is None:
            self._try(frame)
        else:
            self._queue.append(frame)

    def abandon(self) -> None:
        """The peer is gone: drop what is queued."""
        self._closing = True
        self._drop_all()
        if self._writer is not None:
            self._writer.cancel()
            self._writer = None

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

    async def _write(self, rest: _Rest) -> None:
        try:
            await rest
            while self._queue:
                frame = self._queue.popleft()
                self._audio_bytes -= len(frame.get("bytes", b""))
                self._text_bytes -= len(frame.get("text", ""))
                await self._send(frame)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._lost(error)
        finally:
            self._writer = None

    def _lost(self, error: Exception) -> None:
        logger.debug("A peer left while it was sent something: %r", error)
        self._closing = True
        self._drop_all()

    def _drop_oldest_audio(self) -> None:
        for index, frame in enumerate(self._queue):
            if "bytes" in frame:
                del self._queue[index]
                self._audio_bytes -= len(frame["bytes"])
                metrics.dropped_audio_frames["any"] += 1
                return

    def _drop_all(self) -> None:
        self._queue.clear()
        self._audio_bytes = self._text_bytes = 0
