"""Sound on the glasses: files, words and streams (app-socket §7.4; media.md §2 to §4)."""

from collections.abc import Callable
from typing import Literal
from urllib.parse import urlencode

import msgspec

from mentra_sdk import wire_media
from mentra_sdk.capabilities.audio_stream import AudioOutputStream, SoundLink
from mentra_sdk.errors import CloudError, RequestRefused
from mentra_sdk.handlers import Log, Tasks
from mentra_sdk.mp3 import Mp3Encoder
from mentra_sdk.refusals import split_failure
from mentra_sdk.requests import Requests, new_request_id

PLAY_SECONDS = 60.0
READY_SECONDS = 10.0
SPEAKER_TRACK, APP_TRACK, SPEECH_TRACK = 0, 1, 2
SPEECH_PATH = "/api/tts"
STREAM_REQUEST = "stream_"
PCM_RATE = 24_000
PCM_KILOBITS = 128


class PlayResult(msgspec.Struct, frozen=True):
    """What became of a sound; the duration is None where nobody waited for its end or knows it."""

    duration_seconds: float | None = None


class VoiceSettings(msgspec.Struct, kw_only=True, omit_defaults=True, frozen=True):
    """How a voice should sound; what is None is left to the cloud."""

    stability: float | None = None
    similarity_boost: float | None = None
    style: float | None = None
    speed: float | None = None


class Speaker:
    """The speaker of the glasses, or of the phone.

    Tracks sound at the same time: 0 is for sounds, 1 for streams and 2 for speech, unless said otherwise.
    """

    def __init__(
        self,
        link: SoundLink,
        requests: Requests,
        report: Callable[[CloudError], None],
        tasks: Tasks,
        log: Log,
    ) -> None:
        self._link = link
        self._requests = requests
        self._report = report
        self._tasks = tasks
        self._log = log
        self._stream: AudioOutputStream | None = None

    async def play(
        self,
        url: str,
        *,
        volume: float | None = None,
        track_id: int | None = None,
        stop_other_audio: bool | None = None,
    ) -> PlayResult:
        """Play the sound at `url`, with a volume from 0 to 1, and let it mix with what sounds already.

        With `stop_other_audio` it sounds alone, and the call returns at its end or raises RequestFailed. Otherwise it
        returns at once, and what goes wrong later is told to `session.on_error`.
        """
        if not url:
            raise ValueError("there is no address to play from")
        request = wire_media.AudioPlayRequest(
            request_id=new_request_id("audio_req"),
            audio_url=url,
            volume=1.0 if volume is None else volume,
            stop_other_audio=bool(stop_other_audio),
            track_id=SPEAKER_TRACK if track_id is None else track_id,
        )
        if not stop_other_audio:
            self._link.send(request)
            return PlayResult()
        answer = await self._requests.ask(
            request,
            request.request_id,
            answer=wire_media.AudioPlayResponse,
            timeout_seconds=PLAY_SECONDS,
        )
        return PlayResult(None if answer.duration is None else answer.duration / 1000)

    async def speak(
        self,
        text: str,
        *,
        voice_id: str | None = None,
        model_id: str | None = None,
        voice_settings: VoiceSettings | None = None,
        volume: float | None = None,
        track_id: int | None = None,
        stop_other_audio: bool | None = None,
    ) -> PlayResult:
        """Read `text` aloud; what it returns and raises is as with `play`."""
        if not text:
            raise ValueError("there is no text to speak")
        query = {"text": text}
        if voice_id:
            query["voice_id"] = voice_id
        if model_id:
            query["model_id"] = model_id
        if voice_settings is not None:
            query["voice_settings"] = msgspec.json.encode(voice_settings).decode()
        return await self.play(
            f"{SPEECH_PATH}?{urlencode(query)}",
            volume=volume,
            track_id=SPEECH_TRACK if track_id is None else track_id,
            stop_other_audio=stop_other_audio,
        )

    async def stop(self, track_id: int | None = None) -> None:
        """Silence this app on one track, or on all."""
        if self._stream is not None and track_id in (None, self._stream.track_id):
            self._stream.close()
        self._link.send(wire_media.AudioStopRequest(track_id=track_id))

    async def create_stream(
        self,
        *,
        format: Literal["mp3", "pcm16"] = "mp3",
        sample_rate: int = PCM_RATE,
        channels: Literal[1, 2] = 1,
        bitrate: int = PCM_KILOBITS,
        volume: float | None = None,
        track_id: int | None = None,
        stop_other_audio: bool = True,
    ) -> AudioOutputStream:
        """Open a stream for sound that the app makes as it goes; raises RequestFailed.

        It takes MP3 data, or with "pcm16" signed 16-bit little-endian samples of `sample_rate` Hz, which are made into
        MP3 of `bitrate` kbit/s here; that needs the extra `sound` of this package.
        An app has one at a time: `end` or `flush` it before the next, else the code is "AUDIO_STREAM_ALREADY_ACTIVE".
        """
        encoder = None
        if format == "pcm16":
            encoder = Mp3Encoder(sample_rate=sample_rate, channels=channels, kilobits=bitrate)
        if self._stream is not None and not self._stream.is_over:
            raise RequestRefused("AUDIO_STREAM_ALREADY_ACTIVE", "end or flush the stream there is first")
        track = APP_TRACK if track_id is None else track_id
        stream = self._stream = AudioOutputStream(
            self._link, self._tasks, self._log, track_id=track, encoder=encoder
        )
        try:
            ready = await self._requests.ask(
                wire_media.AudioStreamStart(stream_id=stream.id, content_type=wire_media.MP3),
                stream.id,
                answer=wire_media.AudioStreamReady,
                timeout_seconds=READY_SECONDS,
            )
        except BaseException:
            stream.close()
            raise
        stream.open()
        self._link.send(
            wire_media.AudioPlayRequest(
                request_id=f"{STREAM_REQUEST}{stream.id}",
                audio_url=ready.stream_url,
                volume=1.0 if volume is None else volume,
                stop_other_audio=stop_other_audio,
                track_id=track,
            )
        )
        return stream

    def take_response(self, answer: wire_media.AudioPlayResponse) -> None:
        """Settle a request to play; nobody waits for that of a stream, or of a sound that mixes with others."""
        name = answer.request_id
        if answer.success:
            self._requests.answer(name, answer)
            return
        code, message = split_failure(answer.error)
        if self._requests.refuse(name, code, message):
            return
        stream = self._stream
        if stream is not None and name.lower() == f"{STREAM_REQUEST}{stream.id}":
            stream.fail(RequestRefused(code, message, request_id=name))
        self._report(CloudError(code=code, message=message, request_id=name))

    def take_ready(self, answer: wire_media.AudioStreamReady) -> None:
        """Let a stream begin."""
        self._requests.answer(answer.stream_id.lower(), answer)

    def close(self) -> None:
        """The session is over."""
        if self._stream is not None:
            self._stream.close()
