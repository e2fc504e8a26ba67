"""The WebSocket of one session: open it, introduce ourselves, keep it alive, come back when it breaks.

Speaks the handshake of app-socket §3 as the headers-carrying client family. Knows messages, but not what a
session does with them: whoever owns the connection is its Receiver.
"""

import asyncio
import contextlib
from typing import Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from mentra_sdk import codec, traffic, wire
from mentra_sdk.dialing import Identity, Timing, dial
from mentra_sdk.errors import ConnectionFailed, Ending, MalformedMessage, StopReason
from mentra_sdk.handlers import Log, Tasks
from mentra_sdk.outbox import Outbox

POLICY_VIOLATION = 1008
NO_CLOSE_FRAME = 1006
FINAL_REJECTIONS = frozenset({"NOT_RUNNING", "BOOT_TIMEOUT"})


class Receiver(Protocol):
    """What the owner of a connection is told."""

    def attached(self, ack: wire.ConnectionAck) -> None:
        """The cloud acknowledged the session, for the first time or again."""

    def detached(self, code: int, reason: str) -> None:
        """The acknowledged connection broke; another may come."""

    def message(self, message: codec.Incoming) -> None:
        """A message arrived."""

    def audio(self, chunk: bytes) -> None:
        """A binary frame arrived."""


class CloudConnection:
    """Keeps one session connected until it ends. `open` once, then `run` to the end."""

    def __init__(
        self, url: str, identity: Identity, receiver: Receiver, *, timing: Timing, tasks: Tasks, log: Log
    ) -> None:
        self.url = url
        self.is_attached = False
        self.is_parked = False
        self._identity = identity
        self._receiver = receiver
        self._timing = timing
        self._tasks = tasks
        self._log = log
        self._outbox = Outbox()
        self._socket: ClientConnection | None = None
        self._acked_session_id: str | None = None
        self._ending: Ending | None = None
        self._refusal: wire.ErrorMessage | None = None
        self._tries = 0
        self._deadline = 0.0
        self._hurry = asyncio.Event()
        self._opened = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the first socket; raises ConnectionFailed."""
        self._socket = await dial(self.url, self._identity, self._timing)
        self._opened.set()

    async def run(self) -> Ending:
        """Serve the socket, and its successors, until the session ends; return why it did."""
        while self._ending is None:
            if self._socket is None:
                await self._come_back()
            else:
                await self._serve(self._socket)
        return self._ending

    async def until_closed(self) -> None:
        """Wait until the last socket is closed, at most as long as a close may take."""
        if self._closing is not None:
            await self._closing

    @property
    def session_id(self) -> str:
        """The session's id as the cloud said it last."""
        return self._acked_session_id or self._identity.session_id

    def send(self, message: wire.ToCloud, *, replaces: str | None = None, first: bool = False) -> None:
        """Send a message as soon as the session is attached; see Outbox for `replaces` and `first`."""
        self._outbox.put(codec.encode(message), replaces=replaces, first=first)

    def send_bytes(self, *frames: bytes) -> bool:
        """Send binary frames as soon as the session is attached; false when too much waits already."""
        return self._outbox.put_bytes(*frames)

    def has_room(self, count: int) -> bool:
        """Tell whether so many bytes could be sent now."""
        return self._outbox.has_room(count)

    def withdraw(self, replaces: str) -> None:
        """Drop a message that waits under this name."""
        self._outbox.withdraw(replaces)

    def finish(self, ending: Ending) -> None:
        """End the session from this side; the first ending counts."""
        if self._ending is not None:
            return
        self._end(ending)
        self._hurry.set()
        if self._socket is not None:
            self._tasks.spawn(traffic.close(self._socket, "Client disconnect"))

    async def send_now(self, message: wire.ToCloud) -> None:
        """Send a last message ahead of everything that waits; harmless when the socket is gone."""
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(codec.encode(message))

    async def resume(self, url: str) -> None:
        """Connect to `url` now instead of waiting for a retry or an ack; raises ConnectionFailed in time."""
        if self._ending is not None:
            raise ConnectionFailed("the session is over")
        self.url = url
        self._tries = 0
        self._opened.clear()
        self._hurry.set()
        if self._socket is not None:
            self._tasks.spawn(traffic.close(self._socket, "Connecting anew"))
        try:
            async with asyncio.timeout(self._timing.open_seconds):
                await self._opened.wait()
        except TimeoutError as late:
            raise ConnectionFailed(f"no connection to {url} in time") from late

    async def _come_back(self) -> None:
        delays = self._timing.retry_delays_seconds
        if self._tries >= len(delays):
            self._end(Ending(StopReason.CONNECTION_LOST, "The cloud could not be reached again"))
            return
        delay = delays[self._tries]
        self._tries += 1
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._hurry.wait()
        self._hurry.clear()
        if self._ending is not None:
            return
        try:
            self._socket = await dial(self.url, self._identity, self._timing)
            self._opened.set()
        except ConnectionFailed as problem:
            self._log.info("try %d of %d failed: %s", self._tries, len(delays), problem)

    async def _serve(self, socket: ClientConnection) -> None:
        self._refusal = None
        self._wait_at_most(self._timing.ack_seconds)
        close_reason = "Client disconnect"
        beside: list[asyncio.Task[None]] = []
        try:
            await self._introduce(socket)
            ping = traffic.ping(socket, self._timing.ping_seconds, lambda: self.is_attached)
            beside = [self._tasks.spawn(traffic.write(socket, self._outbox)), self._tasks.spawn(ping)]
            while self._ending is None:
                async with asyncio.timeout_at(self._deadline):
                    frame = await socket.recv()
                await self._take(socket, frame)
        except ConnectionClosed:
            pass
        except TimeoutError:
            close_reason = "No answer in time"
        finally:
            for task in beside:
                task.cancel()
            self._closing = asyncio.create_task(traffic.close(socket, close_reason))
            # The cloud answers the close of a session that is over only when its stop webhook is answered, and
            # that answer waits for the author's last words: so they do not wait for the socket.
            if self._ending is None:
                await self._closing
            self._lose(socket)

    def _lose(self, socket: ClientConnection) -> None:
        self._socket = None
        self.is_parked = False
        self._opened.clear()
        self._outbox.hold()
        code, reason = socket.close_code or NO_CLOSE_FRAME, socket.close_reason or ""
        if self.is_attached:
            self.is_attached = False
            if self._ending is None:
                self._receiver.detached(code, reason)
        elif self._refusal is not None and code == POLICY_VIOLATION:
            text = f"{self._refusal.code}: {self._refusal.message}"
            self._log.error("the cloud refused the connection: %s", text)
            self._end(Ending(StopReason.REFUSED, text))

    async def _take(self, socket: ClientConnection, frame: str | bytes) -> None:
        if self.is_attached:
            self._wait_at_most(self._timing.silence_seconds)
        if isinstance(frame, bytes):
            self._receiver.audio(frame)
            return
        try:
            message = codec.decode(frame)
        except MalformedMessage as problem:
            self._log.warning("ignored a message of the cloud: %s", problem)
            return
        match message:
            case wire.ConnectionAck():
                self._attach(message)
            case wire.ReconnectRejected():
                await self._on_rejected(socket, message)
            case wire.ReconnectDeferred():
                self.is_parked = True
                self._wait_at_most(message.timeout_ms / 1000)
            case wire.AppStopped():
                self._end(Ending(message.reason, message.message or ""))
            case wire.ErrorMessage() if not self.is_attached:
                self._refusal = message
            case wire.Pong() | None:
                pass
            case _:
                self._receiver.message(message)

    def _attach(self, ack: wire.ConnectionAck) -> None:
        self.is_attached, self.is_parked = True, False
        self._acked_session_id = ack.session_id or self._identity.session_id
        self._tries = 0
        self._wait_at_most(self._timing.silence_seconds)
        self._receiver.attached(ack)
        self._outbox.release()

    async def _on_rejected(self, socket: ClientConnection, rejection: wire.ReconnectRejected) -> None:
        if rejection.code in FINAL_REJECTIONS:
            self._end(Ending(StopReason.CONNECTION_LOST, f"{rejection.code}: {rejection.message}"))
        else:
            self._acked_session_id = None
            await self._introduce(socket)

    def _end(self, ending: Ending) -> None:
        if self._ending is None:
            self._ending = ending

    async def _introduce(self, socket: ClientConnection) -> None:
        await socket.send(traffic.introduction(self._identity, self._acked_session_id))

    def _wait_at_most(self, seconds: float) -> None:
        self._deadline = asyncio.get_running_loop().time() + seconds
