"""The speaker streams of one session, on its owner: sound that apps make as they go, until the phone has it.

The sound waits here, in bounds, wherever the app's socket and the phone's request for it are. A reader asks again and
again for what comes after a position: it takes no more than the phone does, nothing is lost with an answer between
nodes, and it goes on at the session's next owner.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sessions_app.clock import Clock
from sessions_app.media import speaker_rules as rules
from sessions_app.media.speaker_ended import EndedStreams
from sessions_app.media.speaker_rules import StreamState, Turn
from sessions_app.media.speaker_stream import (
    SpeakerStream,
    StreamMoved,
    StreamOver,
    StreamTaken,
    restored,
)
from sessions_app.outbound import metrics
from sessions_app.outbound.commands import HandedSound, Sound
from sessions_app.protocol.cloud_to_glasses import AudioPlayRequest
from sessions_app.protocol.codes import ErrorCode

NEWS_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class SpeakerOutlets:
    """What streams have to say: to the phone if it is there, to the app of one that failed, to the snapshot."""

    tell_phone: Callable[[AudioPlayRequest], bool]
    tell_app: Callable[[SpeakerStream, Turn], None]
    changed: Callable[[], None]


class SpeakerStreams:
    """The streams of one session; each has its turn when nothing else happens to it before."""

    def __init__(self, outlets: SpeakerOutlets, clock: Clock) -> None:
        self._outlets = outlets
        self._clock = clock
        self._streams: dict[str, SpeakerStream] = {}
        self._ended = EndedStreams(clock)
        self._has_moved = False

    def __len__(self) -> int:
        return len(self._streams)

    def __iter__(self) -> Iterator[SpeakerStream]:
        return iter(list(self._streams.values()))

    def of_app(self, package_name: str) -> list[SpeakerStream]:
        """Return an app's streams, oldest first."""
        return [stream for stream in self if stream.package_name == package_name]

    def problem_of(self, package_name: str, stream_id: str, connection: int) -> tuple[ErrorCode, str] | None:
        """Return why an app may not open a stream of this id over this socket; None when it may."""
        key = rules.stream_key(stream_id)
        if not key:
            return ErrorCode.MALFORMED_MESSAGE, f"streamId must have {rules.ID_LENGTH} ASCII characters"
        if key in self._streams:
            return ErrorCode.MALFORMED_MESSAGE, "A stream of this id is open already"
        for other in self.of_app(package_name):
            if not other.state.is_ending and other.connection == connection:
                return ErrorCode.STREAM_CONFLICT, "The app has an open stream; end that one first"
        return None

    def open(self, package_name: str, stream_id: str, connection: int, token: str) -> None:
        """Open a stream. What the app left open over an earlier socket, before it was started anew, ends."""
        for other in self.of_app(package_name):
            if not other.state.is_ending:
                self._remove(other)
        for other in self.of_app(package_name)[: -rules.MOST_OF_AN_APP + 1]:
            self._remove(other)
        now = self._clock.monotonic()
        state = StreamState(waiting_since=now, moved_at=now)
        stream = SpeakerStream(stream_id, package_name, token, connection, state)
        self._streams[stream.key] = stream
        self._arm(stream)
        self._outlets.changed()

    def find(self, package_name: str, request_id: str) -> SpeakerStream | None:
        """Return the stream that an app's request to play is for."""
        stream = self._streams.get(rules.key_of_request(request_id))
        return stream if stream is not None and stream.package_name == package_name else None

    def was_told(self, stream: SpeakerStream, request: AudioPlayRequest) -> None:
        """Note that the phone was sent the request to fetch a stream."""
        stream.request = request
        self._note_telling(stream)

    def feed(self, package_name: str, frame: bytes) -> bool:
        """Take a binary frame of an app; false when it has no such open stream."""
        key, data = rules.split_frame(frame)
        stream = self._streams.get(key)
        if stream is None or stream.package_name != package_name or stream.state.is_ending:
            return False
        if data:
            metrics.relayed_bytes["speaker dropped"] += stream.sound.add(data)
            stream.state.moved_at = self._clock.monotonic()
            stream.ring()
        return True

    def finish(self, package_name: str, stream_id: str) -> None:
        """The app has sent everything: the stream ends when the phone has it."""
        stream = self._streams.get(rules.stream_key(stream_id))
        if stream is None or stream.package_name != package_name or stream.state.is_ending:
            return
        stream.state.is_ending = True
        stream.state.moved_at = self._clock.monotonic()
        stream.ring()
        self._arm(stream)
        self._outlets.changed()

    def stop(self, package_name: str, track_id: float | None = None) -> None:
        """End an app's streams on a track, or on all, at once."""
        for stream in self.of_app(package_name):
            if rules.is_on_track(stream.track_id, track_id):
                self._remove(stream)

    def drop(self, stream: SpeakerStream) -> None:
        """End a stream at once."""
        if self._streams.get(stream.key) is stream:
            self._remove(stream)

    def app_changed(self, package_name: str, *, is_here: bool) -> None:
        """Note whether an app has its socket."""
        for stream in self.of_app(package_name):
            if is_here:
                stream.state.app_left_at = None
            elif stream.state.app_left_at is None:
                stream.state.app_left_at = self._clock.monotonic()
                self._arm(stream)

    def phone_arrived(self) -> None:
        """Tell a phone that came anew what it has to fetch; what it still fetches, it may fetch anew."""
        for stream in self:
            if stream.state.reader:
                stream.state.is_returning = True
            elif stream.request is not None and stream.state.tellings < rules.MOST_TELLINGS:
                self._tell_again(stream)

    def asker_of(self, request_id: str) -> str:
        """Return the app whose stream a phone's answer is about, until a minute after its end; empty: none."""
        key = rules.key_of_request(request_id)
        stream = self._streams.get(key)
        return stream.package_name if stream is not None else self._ended.asker_of(key)

    async def read(self, token: str, reader: str, after: int, most: int) -> Sound:
        """Return what comes after a position, once there is something, or nothing after a second.

        With `most` 0 the reader only keeps its place. Raises StreamOver, StreamTaken or StreamMoved.
        """
        stream = self._find(token)
        self._admit(stream, reader)
        if not most:
            return Sound(after)
        stream.sound.forget_through(after)
        state = stream.state
        state.pulls += 1
        try:
            if not stream.sound.has_more(after) and not state.is_ending:
                await stream.news(self._clock, NEWS_SECONDS)
        finally:
            state.pulls -= 1
            state.heard_at = self._clock.monotonic()
            self._arm(stream)
        if self._find(token).state.reader != reader:
            raise StreamOver
        return self._take(stream, after, most)

    def let_go(self, token: str, reader: str) -> None:
        """The phone does not fetch a stream any more."""
        for stream in self:
            if stream.token == token and stream.state.reader == reader:
                self._lose_reader(stream)

    def snapshot(self) -> list[dict[str, Any]]:
        """Return what the next owner should know, JSON-able."""
        return [stream.snapshot() for stream in self]

    def pack(self) -> list[HandedSound]:
        """Return the sound for the next owner."""
        return [stream.pack() for stream in self]

    def restore(self, kept: Sequence[dict[str, Any]], sounds: Sequence[HandedSound]) -> None:
        """Go on with the streams of the last owner, and with their sound as far as it could hand it on."""
        handed = {sound.token: sound for sound in sounds}
        for each in kept:
            stream = restored(each, handed.get(each["token"]), self._clock.monotonic())
            self._streams[stream.key] = stream
            self._arm(stream)

    def close(self) -> None:
        """Leave everything to the next owner; readers are to ask there."""
        self._has_moved = True
        self._ended.close()
        for stream in self:
            self._forget(stream)

    def _find(self, token: str) -> SpeakerStream:
        if self._has_moved:
            raise StreamMoved
        for stream in self:
            if stream.token == token:
                return stream
        raise StreamOver

    def _admit(self, stream: SpeakerStream, reader: str) -> None:
        state = stream.state
        if not state.admits(reader):
            raise StreamTaken
        state.heard_at = self._clock.monotonic()
        if state.reader != reader:
            state.reader, state.was_claimed = reader, True
            state.is_returning = state.owes_telling = False
            stream.ring()
            self._outlets.changed()
        self._arm(stream)

    def _take(self, stream: SpeakerStream, after: int, most: int) -> Sound:
        position, data = stream.sound.read(after, most)
        if not stream.state.is_ending:
            return Sound(position, data)
        if not data:
            self._remove(stream)
            return Sound(position, is_over=True)
        stream.state.moved_at = self._clock.monotonic()
        return Sound(position, data)

    def _tell_again(self, stream: SpeakerStream) -> None:
        stream.state.owes_telling = False
        if stream.request is not None and self._outlets.tell_phone(stream.request):
            self._note_telling(stream)
        self._arm(stream)

    def _note_telling(self, stream: SpeakerStream) -> None:
        state = stream.state
        state.told_at = state.waiting_since = self._clock.monotonic()
        state.tellings += 1
        self._arm(stream)
        self._outlets.changed()

    def _lose_reader(self, stream: SpeakerStream) -> None:
        state = stream.state
        state.reader, state.waiting_since = "", self._clock.monotonic()
        state.owes_telling = stream.request is not None and state.tellings < rules.MOST_TELLINGS
        stream.ring()
        self._arm(stream)

    def _arm(self, stream: SpeakerStream) -> None:
        """See to it that the stream's turn comes; a timer that rings too early looks again."""
        if self._streams.get(stream.key) is not stream:
            return
        at, _ = rules.next_turn(stream.state)
        if stream.timer is not None:
            if stream.due <= at:
                return
            stream.timer.cancel()
        stream.due = at
        stream.timer = self._clock.call_later(
            max(0.0, at - self._clock.monotonic()), lambda: self._turn(stream)
        )

    def _turn(self, stream: SpeakerStream) -> None:
        stream.timer = None
        at, turn = rules.next_turn(stream.state)
        if at > self._clock.monotonic():
            self._arm(stream)
        elif turn is Turn.READER_LOST:
            self._lose_reader(stream)
        elif turn is Turn.TELL_AGAIN:
            self._tell_again(stream)
        else:
            self._remove(stream)
            self._outlets.tell_app(stream, turn)

    def _remove(self, stream: SpeakerStream) -> None:
        self._forget(stream)
        self._ended.add(stream.key, stream.package_name)
        self._outlets.changed()

    def _forget(self, stream: SpeakerStream) -> None:
        self._streams.pop(stream.key, None)
        if stream.timer is not None:
            stream.timer.cancel()
            stream.timer = None
        stream.ring()
