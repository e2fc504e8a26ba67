"""The phone's end of the glasses socket: connect, stay alive, lose and regain the connection.

Keeps what came in and what the display and the microphone should be. Pings as a real phone does
(glasses-socket §3, §8).
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Coroutine
from typing import Any, Self

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from sessions_app.protocol.base import GlassesMessage, ToGlasses, message_type
from sessions_app.protocol.cloud_to_glasses import (
    AuthError,
    ConnectionAck,
    ConnectionError,
    DisplayEvent,
    MicrophoneStateChange,
    Pong,
)
from sessions_app.protocol.codec import Malformed, UnknownType, decode_to_glasses, encode
from sessions_app.protocol.glasses_to_cloud import Ping
from sessions_app.simulator.dialing import dial, socket_url
from sessions_app.simulator.errors import ConnectionLost, NothingCame, Refused, Unreachable
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.inbox import Inbox, Message, Predicate

NO_CLOSE_FRAME = 1006
MAX_KEPT_MESSAGES = 10_000
MAIN_VIEW = "main"

ACK = message_type(ConnectionAck)
FIRST_ANSWERS = frozenset({ACK, message_type(ConnectionError), message_type(AuthError)})

Kind = type[ToGlasses] | str
"""A message class, or the `type` of a message that has none here."""

Watcher = Callable[[str, str], None]
"""Told of every text frame: "in" or "out", and the text."""


class PhoneConnection:
    """One phone, connected or not; as an async context manager it connects and hangs up.

    `url` is the cloud's address (http, https, ws or wss); without a path the glasses socket is meant. A phone
    that gets no pong within `ping_seconds` breaks its connection, as real ones do.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        hardware: Hardware | None = None,
        watcher: Watcher | None = None,
        ping_seconds: float = 5,
        max_kept_messages: int = MAX_KEPT_MESSAGES,
    ) -> None:
        self.hardware = hardware or Hardware()
        self.displays: dict[str, DisplayEvent] = {}
        self.microphone: MicrophoneStateChange | None = None
        self.ack: Message | None = None
        self._url = socket_url(url)
        self._token = token
        self._watcher = watcher
        self._ping_seconds = ping_seconds
        self._inbox = Inbox(max_kept_messages)
        self._socket: ClientConnection | None = None
        self._ponged = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def messages(self) -> list[Message]:
        """Every message of the cloud so far, oldest first."""
        return list(self._inbox.history)

    @property
    def is_connected(self) -> bool:
        """Tell whether the socket is open."""
        return self._socket is not None

    @property
    def display(self) -> DisplayEvent | None:
        """What the main view shows now."""
        return self.displays.get(MAIN_VIEW)

    async def connect(self, timeout_seconds: float = 10) -> Message:
        """Open the socket and return the `connection_ack`; raises Unreachable or Refused."""
        socket = await dial(self._url, self._token, timeout_seconds, self.hardware.trusts)
        self._socket = socket
        self._inbox.open()
        self._spawn(self._read(socket))
        try:
            first = await self._inbox.take(lambda one: one["type"] in FIRST_ANSWERS, timeout_seconds, ACK)
        except ConnectionLost as loss:
            raise Refused(f"The cloud accepted the connection and ended it at once. {loss}") from loss
        except NothingCame as silence:
            await self._hang_up(socket)
            raise Unreachable(f"{self._url} accepted the connection but sent no {ACK}.") from silence
        if first["type"] != ACK:
            await self._hang_up(socket)
            raise Refused(f"The cloud refused the phone: {first.get('message')}.", first.get("code"))
        self.ack = first
        self._spawn(self._ping(socket))
        return first

    async def reconnect(self) -> Message:
        """Break the connection, if there is one, and open a new one."""
        await self.drop()
        return await self.connect()

    async def drop(self) -> None:
        """Vanish as in a tunnel, without a close frame."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.transport.abort()
            await socket.wait_closed()

    async def close(self) -> None:
        """Hang up with a close frame and end everything that runs for this phone."""
        if self._socket is not None:
            await self._hang_up(self._socket)
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def send(self, message: GlassesMessage) -> None:
        """Send a message; raises ConnectionLost."""
        text = encode(message)
        await self._send_frame(text)
        if self._watcher is not None:
            self._watcher("out", text)

    async def send_audio(self, chunk: bytes) -> None:
        """Send sound as one binary frame: PCM16, mono, 16,000 Hz; raises ConnectionLost."""
        await self._send_frame(chunk)

    async def wait_for(
        self, kind: Kind | tuple[Kind, ...], predicate: Predicate | None = None, timeout_seconds: float = 5
    ) -> Message:
        """Return the oldest message of this kind (or of one of several) that fits.

        Each message is returned by at most one wait. Raises NothingCame or ConnectionLost.
        """
        kinds = kind if isinstance(kind, tuple) else (kind,)
        wanted = [one if isinstance(one, str) else message_type(one) for one in kinds]

        def fits(message: Message) -> bool:
            return message["type"] in wanted and (predicate is None or predicate(message))

        return await self._inbox.take(fits, timeout_seconds, " or ".join(wanted))

    async def wait_lost(self) -> ConnectionLost:
        """Return how the connection ended, once it has."""
        socket = self._socket
        if socket is None:
            return ConnectionLost(NO_CLOSE_FRAME, "")
        await socket.wait_closed()
        return _loss_of(socket)

    async def _send_frame(self, frame: str | bytes) -> None:
        socket = self._socket
        if socket is None:
            raise ConnectionLost(NO_CLOSE_FRAME, "")
        try:
            await socket.send(frame)
        except ConnectionClosed as closed:
            raise _loss_of(socket) from closed

    async def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in socket:
                if isinstance(frame, str):
                    self._take(frame)
        if self._socket is socket:
            self._socket = None
        if self._socket is None:
            self._inbox.end(_loss_of(socket))

    def _take(self, text: str) -> None:
        if self._watcher is not None:
            self._watcher("in", text)
        self._inbox.put({"type": "", **json.loads(text)})
        try:
            known = decode_to_glasses(text)
        except Malformed:
            return
        match known:
            case Pong():
                self._ponged.set()
            case DisplayEvent():
                self.displays[known.view] = known
            case MicrophoneStateChange():
                self.microphone = known
            case UnknownType():
                pass
            case _:
                self._spawn(self._answer(known))

    async def _answer(self, request: ToGlasses) -> None:
        with contextlib.suppress(ConnectionLost):
            for answer in await self.hardware.answers(request):
                await self.send(answer)

    async def _ping(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionLost):
            while self._socket is socket:
                self._ponged.clear()
                await self.send(Ping())
                await asyncio.sleep(self._ping_seconds)
                if not self._ponged.is_set():
                    socket.transport.abort()

    async def _hang_up(self, socket: ClientConnection) -> None:
        self._socket = None
        with contextlib.suppress(ConnectionClosed):
            await socket.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _loss_of(socket: ClientConnection) -> ConnectionLost:
    return ConnectionLost(socket.close_code or NO_CLOSE_FRAME, socket.close_reason or "")
