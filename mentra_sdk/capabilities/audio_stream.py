"""Sound that an app makes as it goes, on its way to the speaker (app-socket §9; media.md §4)."""

import uuid
from enum import StrEnum
from typing import Protocol

from mentra_sdk import wire_media
from mentra_sdk.errors import RequestFailed, RequestRefused
from mentra_sdk.handlers import Handler, Log, Signal, Subscription, Tasks
from mentra_sdk.mp3 import Mp3Encoder
from mentra_sdk.wire import ToCloud

FRAME_BYTES = 64 * 1024
FULL = "BUFFER_FULL"
# What frames and their encoder add to the bytes that are written, at most.
MARGIN_BYTES = 8 * 1024


class SoundLink(Protocol):
    """The way of messages and sound to the cloud."""

    def send(self, message: ToCloud, *, replaces: str | None = None) -> None:
        """Send a message, now or once attached."""

    def send_bytes(self, *frames: bytes) -> bool:
        """Send binary frames likewise; false, and none of them sent, when too much waits already."""

    def has_room(self, count: int) -> bool:
        """Tell whether so many bytes could be sent now."""


class StreamState(StrEnum):
    """How far a stream is; ended and error are final."""

    CREATED = "created"
    STREAMING = "streaming"
    ENDING = "ending"
    ENDED = "ended"
    ERROR = "error"


class AudioOutputStream:
    """Sound for the speaker; `speaker.create_stream` opens it. It goes on through short losses of the connection.

    The cloud keeps 2 MiB of MP3 for the phone to fetch and drops the oldest beyond: write about as fast as it sounds.
    """

    def __init__(
        self,
        link: SoundLink,
        tasks: Tasks,
        log: Log,
        *,
        track_id: int,
        encoder: Mp3Encoder | None = None,
    ) -> None:
        self.id = str(uuid.uuid4())
        self.track_id = track_id
        self.error: RequestFailed | None = None
        self._link = link
        self._encoder = encoder
        self._state = StreamState.CREATED
        self._changed: Signal[StreamState] = Signal(tasks, log)

    @property
    def state(self) -> StreamState:
        """How far the stream is."""
        return self._state

    @property
    def is_over(self) -> bool:
        """Tell whether no more sound can be written, ever."""
        return self._state in (StreamState.ENDING, StreamState.ENDED, StreamState.ERROR)

    def write(self, chunk: bytes) -> None:
        """Send a piece of the sound, of any length, or keep it while the connection is away.

        Raises RequestRefused with the code "BUFFER_FULL", and takes nothing, when 2 MiB wait already; the same with
        the cloud's code once the stream failed. After its end, or a flush, what is written is dropped.
        """
        if self.error is not None:
            raise self.error
        if self._state is not StreamState.STREAMING or not chunk:
            return
        if not self._link.has_room(len(chunk) + MARGIN_BYTES):
            raise RequestRefused(FULL, "the connection takes no more sound now", request_id=self.id)
        self._send(chunk if self._encoder is None else self._encoder.encode(chunk))

    async def end(self) -> None:
        """Say that everything was written; what is on its way is heard yet."""
        if self._state is StreamState.STREAMING:
            if self._encoder is not None:
                self._send(self._encoder.finish())
            self._end()

    def flush(self) -> None:
        """Be silent at once; what was written and not yet heard is dropped."""
        if self._state is StreamState.STREAMING:
            self._end(stop_track=True)

    def on_state_change(self, handler: Handler[StreamState]) -> Subscription:
        """Call `handler` with each new state."""
        return self._changed.connect(handler)

    def open(self) -> None:
        """The cloud takes sound from now on."""
        self._change(StreamState.STREAMING)

    def fail(self, problem: RequestFailed) -> None:
        """The cloud or the phone gave the stream up."""
        if not self.is_over:
            self.error = problem
            self._change(StreamState.ERROR)

    def close(self) -> None:
        """Nobody hears the stream any more."""
        if not self.is_over:
            self._change(StreamState.ENDED)

    def _send(self, sound: bytes) -> None:
        name = self.id.encode("ascii")
        pieces = (sound[start : start + FRAME_BYTES] for start in range(0, len(sound), FRAME_BYTES))
        self._link.send_bytes(*(name + piece for piece in pieces))

    def _end(self, *, stop_track: bool = False) -> None:
        self._change(StreamState.ENDING)
        self._link.send(wire_media.AudioStreamEnd(stream_id=self.id))
        if stop_track:
            self._link.send(wire_media.AudioStopRequest(track_id=self.track_id))
        self._change(StreamState.ENDED)

    def _change(self, state: StreamState) -> None:
        self._state = state
        self._changed.emit(state)
