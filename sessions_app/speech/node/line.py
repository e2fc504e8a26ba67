"""One connection from this node to one speech worker, shared by every session that has a channel there.

Knows frames, not what they mean: a channel's messages go to its user. Nothing here blocks.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import Any, Final, Protocol, cast

from sessions_app.clock import Clock, Timer
from sessions_app.speech.node.backlog import Backlog
from sessions_app.speech.proof import proof_of
from sessions_app.speech.wire import (
    SAMPLE_BYTES,
    BadFrame,
    Beat,
    Challenge,
    Control,
    Frame,
    FrameReader,
    Hello,
    SpeakingEnded,
    SpeakingRefused,
    Spoken,
    Welcome,
    pack,
    pack_sound,
)

logger = logging.getLogger(__name__)

BEAT_SECONDS: Final = 0.5
SILENT_SECONDS: Final = 1.5
WELCOME_SECONDS: Final = 1.0
# Above this the transport asks to be spared; then frames wait here, where the oldest sound can give way.
_TRANSPORT_BYTES: Final = 256 * 1024
MOST_WAITING_SOUND_BYTES: Final = 4 * 1024 * 1024
MOST_WAITING_CONTROLS: Final = 10_000
_BEAT: Final = pack(Beat())


class LineUser(Protocol):
    """A session's channel, or a text that is read aloud."""

    def take(self, frame: Any) -> None:
        """Take a frame of the worker for this channel or request."""

    def line_lost(self) -> None:
        """The connection is gone; nothing more comes."""

    def sound_dropped(self, samples: int) -> None:
        """The connection did not keep up, and the oldest sound was not sent."""


class WorkerLine(asyncio.Protocol):
    """A connection that is being made, is open, or is over; a new one is a new object.

    What is sent before the worker has welcomed this node waits. `on_end` is called once, with the reason and before
    the users hear of it; `ended` is set when nothing of the connection is left.
    """

    def __init__(
        self, worker_id: str, node_id: str, clock: Clock, on_end: Callable[["WorkerLine", str], None]
    ) -> None:
        self.worker_id = worker_id
        self.is_over = False
        self.is_welcome = False
        self.ended = asyncio.Event()
        self._node_id = node_id
        self._clock = clock
        self._on_end = on_end
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._backlog = Backlog(MOST_WAITING_SOUND_BYTES)
        self._is_choked = True
        self._channels: dict[int, LineUser] = {}
        self._requests: dict[int, LineUser] = {}
        self._numbers = itertools.count(1)
        self._heard_at = self._ticked_at = clock.monotonic()
        self._give_up_at = clock.monotonic() + WELCOME_SECONDS
        self._timer: Timer | None = clock.call_later(BEAT_SECONDS, self._tick)

    @property
    def user_count(self) -> int:
        """How many channels and requests use the line."""
        return len(self._channels) + len(self._requests)

    async def connect(self, address: str) -> None:
        """Connect to `host:port`; failing is the end of the line like any other."""
        host, _, port = address.rpartition(":")
        try:
            await asyncio.get_running_loop().create_connection(lambda: self, host.strip("[]"), int(port))
        except (OSError, ValueError) as problem:
            self._end(str(problem))

    def add_channel(self, user: LineUser) -> int:
        """Return the number of a new channel."""
        number = next(self._numbers)
        self._channels[number] = user
        return number

    def drop_channel(self, number: int) -> None:
        """Hear no more of a channel."""
        self._channels.pop(number, None)

    def add_request(self, user: LineUser) -> int:
        """Return the number of a new request to speak."""
        number = next(self._numbers)
        self._requests[number] = user
        return number

    def drop_request(self, number: int) -> None:
        """Hear no more of a request."""
        self._requests.pop(number, None)

    def send(self, message: Control) -> None:
        """Send a control message, in turn."""
        frame = pack(message)
        if not self._is_choked and self._transport is not None:
            self._transport.write(frame)
            return
        self._backlog.put(frame)
        if self._backlog.controls > MOST_WAITING_CONTROLS:
            self._end("it does not read")

    def send_sound(self, channel: int, position: int, samples: bytes) -> None:
        """Send a piece of sound, in turn."""
        frame = pack_sound(channel, position, samples)
        if not self._is_choked and self._transport is not None:
            self._transport.write(frame)
            return
        for dropped in self._backlog.put_sound(frame, channel, len(samples)):
            user = self._channels.get(dropped.channel)
            if user is not None:
                user.sound_dropped(dropped.sample_bytes // SAMPLE_BYTES)

    def close(self) -> None:
        """Send what waits and end, without a word to the users."""
        self._channels.clear()
        self._requests.clear()
        transport = self._transport
        if transport is not None and self.is_welcome:
            while len(self._backlog):
                transport.write(self._backlog.take())
            transport.close()
        self._end("")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the worker's challenge."""
        # A TCP connection has no other; those of uvloop are no subclasses.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(_TRANSPORT_BYTES)
        if self.is_over:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Hand every complete frame to whom it is for."""
        self._heard_at = self._clock.monotonic()
        try:
            for frame in self._reader.feed(data):
                if self.is_over:
                    return
                self._take(frame)
        except BadFrame as problem:
            self._end(str(problem))

    def pause_writing(self) -> None:
        """Keep frames here until the worker has read more."""
        self._is_choked = True

    def resume_writing(self) -> None:
        """Send what waited, as far as the transport takes it."""
        transport = self._transport
        if transport is None or not self.is_welcome:
            return
        self._is_choked = False
        # Writing may pause again.
        while len(self._backlog) and not self._is_choked:
            transport.write(self._backlog.take())

    def connection_lost(self, exc: Exception | None) -> None:
        """The worker closed the connection, or the network did."""
        self._end(str(exc or "it closed the connection"))
        self.ended.set()

    def _take(self, frame: Frame) -> None:
        user: LineUser | None = None
        match frame:
            case Beat():
                return
            case Challenge():
                self._prove(frame)
                return
            case Welcome():
                self.is_welcome = True
                self.resume_writing()
                return
            case Spoken() | SpeakingEnded() | SpeakingRefused():
                user = self._requests.get(frame.request)
            case _:
                user = self._channels.get(getattr(frame, "channel", 0))
        if user is None:
            return
        try:
            user.take(frame)
        except Exception:
            logger.exception("What a speech worker sent could not be used")

    def _prove(self, challenge: Challenge) -> None:
        if challenge.worker_id != self.worker_id:
            self._end(f"{challenge.worker_id} listens there")
        elif self._transport is not None:
            self._transport.write(pack(Hello(self._node_id, proof_of(challenge.nonce))))

    def _tick(self) -> None:
        now = self._clock.monotonic()
        if now - self._ticked_at > 2 * BEAT_SECONDS:
            # This process stood still: what the worker sent meanwhile was not read yet.
            self._heard_at = now
        self._ticked_at = now
        if now - self._heard_at >= SILENT_SECONDS:
            self._end(f"it was silent for {SILENT_SECONDS:g} s")
        elif not self.is_welcome and now >= self._give_up_at:
            self._end("it did not answer")
        else:
            if self._transport is not None and self.is_welcome:
                self._transport.write(_BEAT)
            self._timer = self._clock.call_later(BEAT_SECONDS, self._tick)

    def _end(self, why: str) -> None:
        if self.is_over:
            return
        self.is_over, self._is_choked = True, True
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None and not self._transport.is_closing():
            self._transport.abort()
        users = [*self._channels.values(), *self._requests.values()]
        self._channels.clear()
        self._requests.clear()
        self._on_end(self, why)
        if self._transport is None:
            self.ended.set()
        for user in users:
            user.line_lost()
