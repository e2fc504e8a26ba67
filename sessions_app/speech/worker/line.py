"""One connection of a node: it proves itself, then its frames go to channels and voices. Never waits."""

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from sessions_app.speech import wire
from sessions_app.speech.proof import is_proof, new_nonce
from sessions_app.speech.worker.channel import Channel
from sessions_app.speech.worker.intake import Mark
from sessions_app.speech.worker.sessions import Sessions
from sessions_app.speech.worker.speaking import Speaking

logger = logging.getLogger(__name__)

PROOF_SECONDS = 5.0
BEAT_SECONDS = 0.5
SILENT_SECONDS = 1.5
# A node that reads nothing while so much waits for it is dropped.
MOST_UNREAD_BYTES = 8 * 1024 * 1024
ENOUGH_UNREAD_BYTES = 256 * 1024
_BEAT = wire.pack(wire.Beat())


class NodeLine(asyncio.Protocol):
    """Knows the channels of its node by their numbers."""

    def __init__(
        self,
        worker_id: str,
        sessions: Sessions,
        speaking: Speaking,
        on_end: Callable[["NodeLine"], None],
    ) -> None:
        self.node_id = ""
        self.ended = asyncio.Event()
        self._worker_id = worker_id
        self._sessions = sessions
        self._speaking = speaking
        self._on_end = on_end
        self._nonce = new_nonce()
        self._reader = wire.FrameReader()
        self._channels: dict[int, Channel] = {}
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._heard_at = self._ticked_at = 0.0
        self._may_write = asyncio.Event()
        self._may_write.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the peer to prove itself."""
        # A TCP connection has no other; those of uvloop are no subclasses.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(ENOUGH_UNREAD_BYTES)
        self.send(wire.Challenge(self._worker_id, self._nonce))
        loop = asyncio.get_running_loop()
        self._heard_at = self._ticked_at = loop.time()
        self._timer = loop.call_later(PROOF_SECONDS, self._end, "it did not prove itself")

    def data_received(self, data: bytes) -> None:
        """Hand every complete frame to whom it is for."""
        self._heard_at = asyncio.get_running_loop().time()
        try:
            for frame in self._reader.feed(data):
                self._take(frame)
        except wire.BadFrame as problem:
            self._end(str(problem))

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Keep the sessions for a while; nobody listens to voices any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._transport = None
        self._may_write.set()
        for number, channel in self._channels.items():
            if self._owns(number, channel):
                self._sessions.line_lost(channel)
        self._channels.clear()
        self._speaking.stop_all(self)
        self._on_end(self)
        self.ended.set()

    def send(self, message: wire.Control) -> None:
        """Send a message; one more than the node will read ends the connection."""
        self._write(wire.pack(message))

    async def send_spoken(self, request: int, sound: bytes) -> None:
        """Send a piece of MP3, as fast as the node reads."""
        await self._may_write.wait()
        self._write(wire.pack_spoken(request, sound))

    def close(self) -> None:
        """Send what waits and end."""
        if self._transport is not None:
            self._transport.close()

    def _write(self, frame: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(frame)
        if transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self._end("it does not read")

    def _end(self, why: str) -> None:
        if self._transport is not None and not self._transport.is_closing():
            logger.warning("The connection to node %s ends: %s.", self.node_id or "(unknown)", why)
            self._transport.abort()

    def _take(self, frame: wire.Frame) -> None:
        if not self.node_id:
            self._take_proof(frame)
        elif isinstance(frame, wire.Sound):
            channel = self._channel(frame.channel)
            if channel is not None:
                channel.take_sound(frame.position, frame.samples)
        else:
            self._take_control(frame)

    def _take_proof(self, frame: wire.Frame) -> None:
        if isinstance(frame, wire.Beat):
            return
        if not isinstance(frame, wire.Hello) or not is_proof(self._nonce, frame.proof):
            self._end("its proof is wrong; nodes and speech workers need the same DJANGO_SECRET_KEY")
            return
        self.node_id = frame.node_id or "(no name)"
        self.send(wire.Welcome())
        if self._timer is not None:
            self._timer.cancel()
        self._tick()

    def _take_control(self, frame: wire.Frame) -> None:
        match frame:
            case wire.OpenChannel():
                self._open(frame)
            case wire.Speak():
                self._speaking.start(self, frame)
            case wire.StopSpeaking():
                self._speaking.stop(self, frame.request)
            case wire.ConfigureChannel() | wire.PhoneVoice() | wire.CloseChannel() | wire.GotWords() if (
                channel := self._channel(frame.channel)
            ):
                self._take_for_channel(channel, frame)

    def _take_for_channel(
        self,
        channel: Channel,
        frame: wire.ConfigureChannel | wire.PhoneVoice | wire.CloseChannel | wire.GotWords,
    ) -> None:
        match frame:
            case wire.ConfigureChannel():
                channel.configure(frame.recognizers, wants_voice=frame.wants_voice)
            case wire.PhoneVoice():
                channel.take_mark(Mark.VOICE if frame.is_speaking else Mark.SILENCE)
            case wire.GotWords():
                channel.telling.forget_words(frame.number)
            case wire.CloseChannel():
                self._sessions.close(channel, frame.keep_seconds)

    def _open(self, wanted: wire.OpenChannel) -> None:
        channel = self._sessions.open(self, wanted)
        if channel is not None:
            self._channels[wanted.channel] = channel

    def _channel(self, number: int) -> Channel | None:
        """Return the channel of a number, unless somebody else has it by now."""
        channel = self._channels.get(number)
        return channel if channel is not None and self._owns(number, channel) else None

    def _owns(self, number: int, channel: Channel) -> bool:
        return channel.telling.line is self and channel.telling.channel == number

    def _forget_ended(self) -> None:
        """Let go of channels that ended or that somebody else has: they hold what people said."""
        self._channels = {
            number: channel for number, channel in self._channels.items() if self._owns(number, channel)
        }

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now - self._ticked_at > 2 * BEAT_SECONDS:
            # This process stood still: what the node sent meanwhile was not read yet.
            self._heard_at = now
        self._ticked_at = now
        if now - self._heard_at >= SILENT_SECONDS:
            self._end(f"it was silent for {SILENT_SECONDS:g} s")
            return
        self._forget_ended()
        self._write(_BEAT)
        self._timer = loop.call_later(BEAT_SECONDS, self._tick)
