"""An app has sound played, or stopped (app-socket §7.4; media.md §2)."""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.hardware_requests import Request, ask_hardware, failure
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.rules import HardwareKind
from sessions_app.media.speaker_links import stream_url
from sessions_app.media.speaker_stream import SpeakerStream
from sessions_app.outbound.commands import Destination
from sessions_app.protocol import cloud_to_app, cloud_to_glasses
from sessions_app.protocol.app_to_cloud import AudioPlayRequest, AudioStopRequest
from sessions_app.protocol.codes import ErrorCode
from sessions_app.speech.links import link_for_phone

# The SDKs wait for 60 s, and only for sound that stops all other.
AWAITED_SECONDS = 55.0
UNAWAITED_SECONDS = 60.0


@from_app(AudioPlayRequest)
def on_audio_play_request(runtime: SessionRuntime, seat: AppSeat, message: AudioPlayRequest) -> None:
    """Have sound played; a relative address is one of ours and made absolute (P-49).

    Of one that names our own reading of texts, the phone gets it signed.
    """
    stream = runtime.speaker.find(seat.package_name, message.request_id)
    if stream is not None:
        _play_stream(runtime, seat, message, stream)
        return
    url = link_for_phone(message.audio_url, runtime.ref.session_id)
    is_awaited = message.stop_other_audio is not False
    ask_hardware(
        runtime,
        seat,
        Request(
            HardwareKind.AUDIO,
            lambda name: _to_phone(runtime, seat, message, url, name),
            failure(runtime, seat, cloud_to_app.AudioPlayResponse, message.request_id),
            message.request_id,
            AWAITED_SECONDS if is_awaited else UNAWAITED_SECONDS,
            is_awaited,
            Destination(url),
        ),
    )


@from_app(AudioStopRequest)
def on_audio_stop_request(runtime: SessionRuntime, seat: AppSeat, message: AudioStopRequest) -> None:
    """Have the app's sound stopped, streams at once (§4); there is no answer to it."""
    runtime.speaker.stop(seat.package_name, message.track_id)
    runtime.phone.send(
        cloud_to_glasses.AudioStopRequest(
            session_id=runtime.ref.user_id,
            app_id=seat.package_name,
            timestamp=now_iso(runtime),
            track_id=message.track_id,
        )
    )


def _play_stream(
    runtime: SessionRuntime, seat: AppSeat, message: AudioPlayRequest, stream: SpeakerStream
) -> None:
    """Have a speaker stream played: it lasts as long as it lasts, and has its own ways to fail."""
    refuse = failure(runtime, seat, cloud_to_app.AudioPlayResponse, message.request_id)

    def give_up(code: ErrorCode, why: str) -> None:
        runtime.speaker.drop(stream)
        refuse(code, why)

    def message_for_phone(_: str) -> cloud_to_glasses.AudioPlayRequest:
        return _to_phone(runtime, seat, message, stream_url(stream.token), message.request_id)

    ask_hardware(
        runtime,
        seat,
        Request(
            HardwareKind.AUDIO,
            message_for_phone,
            give_up,
            on_sent=lambda: runtime.speaker.was_told(stream, message_for_phone("")),
        ),
    )


def _to_phone(
    runtime: SessionRuntime, seat: AppSeat, message: AudioPlayRequest, url: str, request_id: str
) -> cloud_to_glasses.AudioPlayRequest:
    return cloud_to_glasses.AudioPlayRequest(
        session_id=runtime.ref.user_id,
        request_id=request_id,
        app_id=seat.package_name,
        package_name=seat.package_name,
        audio_url=url,
        volume=1.0 if message.volume is None else min(1.0, max(0.0, float(message.volume))),
        stop_other_audio=message.stop_other_audio is not False,
        timestamp=now_iso(runtime),
        track_id=message.track_id,
    )
