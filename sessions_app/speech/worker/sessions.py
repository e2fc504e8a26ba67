"""Which session is on this worker, and which connection it belongs to now."""

import asyncio
import logging
from dataclasses import dataclass, field

from sessions_app.speech import wire
from sessions_app.speech.worker.channel import Channel, Shop
from sessions_app.speech.worker.detecting import Detector
from sessions_app.speech.worker.intake import Mark
from sessions_app.speech.worker.listening import Listening
from sessions_app.speech.worker.telling import Line

logger = logging.getLogger(__name__)

# A session whose connection broke waits this long for the node, or for the next one.
LINE_KEEP_SECONDS = 30.0
LOOK_SECONDS = 0.05
STALE, FULL, DRAINING = "SPEECH_STALE", "SPEECH_FULL", "SPEECH_DRAINING"


@dataclass(slots=True)
class _Held:
    """A channel, and until when it waits for somebody to take it over; None: it is in use."""

    channel: Channel
    until: float | None = None


@dataclass
class Sessions:
    """Opens channels, hands them from connection to connection, and ends those that nobody wants any more."""

    shop: Shop
    detector: Detector
    listening: Listening
    most_channels: int
    is_draining: bool = False
    _held: dict[str, _Held] = field(default_factory=dict)
    _closing: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self._held)

    def open(self, line: Line, wanted: wire.OpenChannel) -> Channel | None:
        """Open or take over the channel of a session; None when that is refused, which the line is told."""
        held = self._held.get(wanted.session_id)
        refusal = self._refusal(held, wanted)
        if refusal is not None:
            logger.info("Session %s is refused: %s", wanted.session_id, refusal[0])
            line.send(wire.ChannelRefused(wanted.channel, *refusal))
            return None
        if held is None:
            channel = Channel(wanted, self.shop, self.detector.new_ear())
            held = self._held[wanted.session_id] = _Held(channel)
            self.listening.add(channel)
        channel, held.until = held.channel, None
        telling = channel.telling
        if telling.line is not None and (telling.line is not line or telling.channel != wanted.channel):
            telling.lost(STALE)
        channel.attach(line, wanted)
        return channel

    def close(self, channel: Channel, keep_seconds: float) -> None:
        """There is no more sound: finish what is under way, and wait for somebody else that long."""
        channel.take_mark(Mark.SILENCE)
        self._hold(channel, keep_seconds)

    def line_lost(self, channel: Channel) -> None:
        """The connection is gone; the session may come back by another one."""
        channel.telling.line = None
        self._hold(channel, LINE_KEEP_SECONDS)

    async def run(self) -> None:
        """End what waited in vain, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS if self._held else 1.0)
            self._end_waiting(asyncio.get_running_loop().time())

    async def drain(self, seconds: float) -> None:
        """Let every session go to another worker: between two utterances if that comes in time."""
        self.is_draining = True
        deadline = asyncio.get_running_loop().time() + seconds
        while self._held:
            is_late = asyncio.get_running_loop().time() >= deadline
            for held in list(self._held.values()):
                if is_late or held.channel.telling.line is None or not held.channel.is_busy:
                    held.channel.telling.lost(DRAINING)
                    self._end(held.channel)
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _hold(self, channel: Channel, seconds: float) -> None:
        held = self._held.get(channel.session_id)
        if held is not None and held.channel is channel:
            held.until = asyncio.get_running_loop().time() + seconds

    def _end_waiting(self, now: float) -> None:
        for held in list(self._held.values()):
            is_over = held.until is not None and now >= held.until
            if is_over and (not held.channel.is_busy or held.channel.telling.line is None):
                self._end(held.channel)

    def _end(self, channel: Channel) -> None:
        del self._held[channel.session_id]
        channel.telling.line = None
        self.listening.discard(channel)
        task = asyncio.create_task(channel.close(), name="close channel")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _refusal(self, held: _Held | None, wanted: wire.OpenChannel) -> tuple[str, str] | None:
        """Return code and message of why a channel cannot be opened."""
        if held is not None and wanted.generation < held.channel.generation:
            return STALE, "A newer owner has the session."
        if self.is_draining:
            return DRAINING, "This speech worker is about to end."
        if held is None and (self.count >= self.most_channels or self.shop.load.is_overloaded):
            return FULL, "This speech worker has as many sessions as it can take."
        return None
