"""Where glasses push video by RTMP: one connection from its handshake to its last frame.

Nobody gets past `publish` without a key that was given out. Must not know what becomes of the video.
"""

import asyncio
import contextlib
import logging
import os
import struct
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from sessions_app.media_servers.local import flv
from sessions_app.media_servers.local.rtmp import amf
from sessions_app.media_servers.local.rtmp.chunks import (
    MOST_MESSAGE_BYTES,
    ChunkError,
    ChunkReader,
    Message,
    encode,
)

logger = logging.getLogger(__name__)

APP: Final = "live"
_VERSION: Final = 3
_HANDSHAKE_BYTES: Final = 1536
_READ_BYTES: Final = 64 * 1024
_GREETING_SECONDS: Final = 10.0
_SILENCE_SECONDS: Final = 20.0
_MOST_CONNECTIONS: Final = 500
_WINDOW_BYTES: Final = 2_500_000

_ACKNOWLEDGEMENT, _USER_CONTROL, _WINDOW, _BANDWIDTH = 3, 4, 5, 6
_AMF3_DATA, _AMF3_COMMAND, _COMMAND = 15, 17, 20
_PING, _PONG = 6, 7
# How publishers wrap what they tell of the stream; in FLV it stands alone.
_WRAPPING: Final = amf.encode(["@setDataFrame"])
_STREAM: Final = 1


class Receiver(Protocol):
    """Who takes the video of one publisher."""

    def take(self, tag: flv.Tag) -> None:
        """Take the next piece."""

    def leave(self) -> None:
        """Hear that the publisher is gone."""


Admit = Callable[[str, Callable[[], None]], Awaitable[Receiver | None]]
"""Asks who takes the video that is pushed under a key, with a way to send the publisher away; None for a wrong key."""


class _Leaving(Exception):
    """The publisher said that it is done, or was refused."""


class RtmpDoor:
    """Listens for publishers."""

    def __init__(self, admit: Admit) -> None:
        self._admit = admit
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, host: str, port: int) -> int:
        """Listen and return the port; raises OSError."""
        self._server = await asyncio.start_server(self._serve, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Take nobody in any more and send away who is there."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._tasks) >= _MOST_CONNECTIONS:
            writer.close()
            return
        self._tasks.add(task)
        connection = _Connection(reader, writer, self._admit)
        try:
            await connection.run()
        except (ChunkError, amf.AmfError, OSError, EOFError, TimeoutError, _Leaving) as end:
            logger.debug("An RTMP connection ended: %r", end)
        finally:
            self._tasks.discard(task)
            connection.leave()
            writer.close()


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, admit: Admit) -> None:
        self._reader = reader
        self._writer = writer
        self._admit = admit
        self._chunks = ChunkReader()
        self._receiver: Receiver | None = None
        self._app = ""
        self._acknowledged = 0

    async def run(self) -> None:
        async with asyncio.timeout(_GREETING_SECONDS):
            await self._shake_hands()
            while self._receiver is None:
                await self._read_on()
        while True:
            async with asyncio.timeout(_SILENCE_SECONDS):
                await self._read_on()

    def leave(self) -> None:
        """Tell the receiver, if there is one."""
        if self._receiver is not None:
            self._receiver.leave()
            self._receiver = None

    async def _shake_hands(self) -> None:
        if (await self._reader.readexactly(1))[0] != _VERSION:
            raise ChunkError("this is no RTMP")
        theirs = await self._reader.readexactly(_HANDSHAKE_BYTES)
        ours = bytes(8) + os.urandom(_HANDSHAKE_BYTES - 8)
        self._writer.write(bytes([_VERSION]) + ours + theirs)
        await self._reader.readexactly(_HANDSHAKE_BYTES)

    async def _read_on(self) -> None:
        data = await self._reader.read(_READ_BYTES)
        if not data:
            raise EOFError
        for message in self._chunks.feed(data):
            await self._take(message)
        if self._chunks.taken - self._acknowledged >= _WINDOW_BYTES // 2:
            self._acknowledged = self._chunks.taken
            self._control(_ACKNOWLEDGEMENT, struct.pack(">I", self._acknowledged & 0xFFFFFFFF))
        await self._writer.drain()

    async def _take(self, message: Message) -> None:
        match message.kind:
            case flv.AUDIO | flv.VIDEO if self._receiver is not None:
                if message.body:
                    self._receiver.take(flv.Tag(message.kind, message.at, message.body))
            case flv.DATA if self._receiver is not None:
                self._receiver.take(flv.Tag(flv.DATA, message.at, message.body.removeprefix(_WRAPPING)))
            case _ if message.kind == _COMMAND:
                await self._obey(amf.decode(message.body))
            case _ if message.kind == _AMF3_COMMAND:
                await self._obey(amf.decode(message.body[1:]))
            case _ if message.kind == _USER_CONTROL and message.body[:2] == bytes([0, _PING]):
                self._control(_USER_CONTROL, bytes([0, _PONG]) + message.body[2:6])

    async def _obey(self, command: list[Any]) -> None:
        name, number, *rest = [*command, None, None][: max(len(command), 2)]
        match name:
            case "connect":
                self._connect(number, rest[0] if rest else None)
            case "createStream":
                self._command("_result", number, None, _STREAM)
            case "publish":
                await self._publish(rest[1] if len(rest) > 1 else None)
            case "play":
                self._status("error", "NetStream.Play.Failed", "Video is watched by HLS or DASH")
                await self._send_away()
            case "FCUnpublish" | "deleteStream" | "closeStream":
                raise _Leaving

    def _connect(self, number: Any, wishes: Any) -> None:
        self._app = str(wishes.get("app", "")).strip("/") if isinstance(wishes, dict) else ""
        self._control(_WINDOW, struct.pack(">I", _WINDOW_BYTES))
        self._control(_BANDWIDTH, struct.pack(">IB", _WINDOW_BYTES, 2))
        facts = {"level": "status", "code": "NetConnection.Connect.Success", "description": "Connected"}
        self._command("_result", number, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}, facts)

    async def _publish(self, name: Any) -> None:
        key = name.partition("?")[0] if isinstance(name, str) else ""
        receiver = await self._admit(key, self._hang_up) if self._app == APP and key else None
        if receiver is None:
            self._status("error", "NetStream.Publish.BadName", "There is no such stream key")
            await self._send_away()
            return
        self._receiver = receiver
        self._chunks.most_bytes = MOST_MESSAGE_BYTES
        self._status("status", "NetStream.Publish.Start", "Go ahead")

    async def _send_away(self) -> None:
        with contextlib.suppress(OSError):
            await self._writer.drain()
        raise _Leaving

    def _hang_up(self) -> None:
        """Make room for whoever publishes under the same key now."""
        self._receiver = None
        self._writer.transport.abort()

    def _status(self, level: str, code: str, description: str) -> None:
        facts = {"level": level, "code": code, "description": description}
        self._writer.write(encode(Message(_COMMAND, 0, _STREAM, amf.encode(["onStatus", 0, None, facts]))))

    def _command(self, *values: object) -> None:
        self._writer.write(encode(Message(_COMMAND, 0, 0, amf.encode(values))))

    def _control(self, kind: int, body: bytes) -> None:
        self._writer.write(encode(Message(kind, 0, 0, body), chunk_stream=2))
