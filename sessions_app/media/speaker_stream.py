"""One speaker stream as its session's owner holds it, and what a reader of it may find."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sessions_app.clock import Clock, Timer
from sessions_app.media.sound_buffer import FRESH_START, SoundBuffer
from sessions_app.media.speaker_rules import TELLING_PAUSE_SECONDS, StreamState, stream_key
from sessions_app.outbound.commands import HandedSound
from sessions_app.protocol.cloud_to_glasses import AudioPlayRequest


class StreamOver(Exception):
    """There is no such stream, not any more, or not for this reader."""


class StreamTaken(Exception):
    """Somebody else reads the stream."""


class StreamMoved(Exception):
    """The session left this node; its next owner has the stream."""


@dataclass(slots=True, eq=False)
class SpeakerStream:
    """The sound of one app on its way.

    `connection` is the app's socket it was opened over, 0 if that was at another owner; `request` is what the phone
    was told, once it was. `bells` wake the readers that wait for more.
    """

    stream_id: str
    package_name: str
    token: str
    connection: int
    state: StreamState
    sound: SoundBuffer = field(default_factory=SoundBuffer)
    request: AudioPlayRequest | None = None
    timer: Timer | None = None
    due: float = 0.0
    bells: set[asyncio.Event] = field(default_factory=set)

    @property
    def key(self) -> str:
        """What tells this stream from the others of its session."""
        return stream_key(self.stream_id)

    @property
    def track_id(self) -> float | None:
        """The track it plays on; None when that is not known."""
        return None if self.request is None else self.request.track_id

    def ring(self) -> None:
        """Wake whoever waits for news of this stream."""
        for bell in self.bells:
            bell.set()

    async def news(self, clock: Clock, seconds: float) -> None:
        """Return when something happens to the stream, or after so many seconds."""
        bell = asyncio.Event()
        self.bells.add(bell)
        timer = clock.call_later(seconds, bell.set)
        try:
            await bell.wait()
        finally:
            timer.cancel()
            self.bells.discard(bell)

    def snapshot(self) -> dict[str, Any]:
        """Return what the next owner should know of it, JSON-able; its sound is handed on apart."""
        return {
            "streamId": self.stream_id,
            "package": self.package_name,
            "token": self.token,
            "end": self.sound.end,
            "reader": self.state.reader,
            "wasClaimed": self.state.was_claimed,
            "isEnding": self.state.is_ending,
            "tellings": self.state.tellings,
            "request": msgspec.to_builtins(self.request),
        }

    def pack(self) -> HandedSound:
        """Return the sound that no reader is known to have."""
        return HandedSound(
            self.token, self.sound.start, self.sound.read(self.sound.start, len(self.sound))[1]
        )


def restored(kept: dict[str, Any], sound: HandedSound | None, now: float) -> SpeakerStream:
    """Return a stream as its last owner left it; of one that died the sound is lost."""
    buffer = SoundBuffer(kept["end"] + FRESH_START) if sound is None else SoundBuffer(sound.start, sound.data)
    state = StreamState(
        waiting_since=now,
        moved_at=now,
        told_at=now - TELLING_PAUSE_SECONDS,
        tellings=kept["tellings"],
        reader=kept["reader"],
        heard_at=now,
        was_claimed=kept["wasClaimed"],
        is_ending=kept["isEnding"],
    )
    request = msgspec.convert(kept["request"], AudioPlayRequest | None)
    return SpeakerStream(kept["streamId"], kept["package"], kept["token"], 0, state, buffer, request)
