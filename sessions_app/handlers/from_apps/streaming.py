"""An app asks for live video of the glasses (app-socket §7.3; media.md §5, §6).

Every request is answered by a status of the kind its SDK waits for, in the app's dialect (D13).
"""

from functools import partial

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.asking import facts_of
from sessions_app.handlers.filming import Asker, ask_direct, ask_managed, stop_direct
from sessions_app.handlers.from_apps.connection import note_family_b
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.protocol import cloud_to_app
from sessions_app.protocol.app_to_cloud import (
    ManagedStreamRequest,
    ManagedStreamStop,
    RtmpStreamRequest,
    RtmpStreamStop,
    StreamRequest,
    StreamStatusCheck,
    StreamStop,
)
from sessions_app.protocol.codes import ERROR_FACTS, ErrorCode
from sessions_app.protocol.families import Family
from sessions_app.states import StreamState
from sessions_app.streaming.stream import Wish
from sessions_app.streaming.wire import stream_info

ERROR, STOPPED = StreamState.ERROR.value, StreamState.STOPPED.value
NOT_YOURS = "This stream was started by another app, which alone may stop it"


@from_app(RtmpStreamRequest)
def on_rtmp_stream_request(runtime: SessionRuntime, seat: AppSeat, message: RtmpStreamRequest) -> None:
    """Have the glasses stream to an address, as SDK 2 asks for it."""
    wish = Wish(video=message.video, audio=message.audio, stream=message.stream)
    ask_direct(runtime, _asker(runtime, seat), message.rtmp_url, wish)


@from_app(StreamRequest)
def on_stream_request(runtime: SessionRuntime, seat: AppSeat, message: StreamRequest) -> None:
    """Have the glasses stream to an address, as SDK 3 asks for it."""
    note_family_b(runtime, seat)
    wish = Wish(
        video=message.video, audio=message.audio, stream=message.stream, sound=message.sound is not False
    )
    ask_direct(runtime, _asker(runtime, seat), message.stream_url, wish)


@from_app(RtmpStreamStop, StreamStop)
def on_stream_stop(runtime: SessionRuntime, seat: AppSeat, message: RtmpStreamStop | StreamStop) -> None:
    """End the app's stream. Where none of it runs, the SDK may think so: it is told."""
    if isinstance(message, StreamStop):
        note_family_b(runtime, seat)
    if stop_direct(runtime, seat.package_name, message.stream_id):
        return
    stream = runtime.camera.stream
    is_foreign = stream is not None and message.stream_id == stream.stream_id
    if is_foreign and stream is not None and stream.owner != seat.package_name:
        _say(runtime, seat, ERROR, f"{ErrorCode.PERMISSION_DENIED}: {NOT_YOURS}", message.stream_id)
    else:
        _say(runtime, seat, STOPPED, None, message.stream_id)


@from_app(ManagedStreamRequest)
def on_managed_stream_request(runtime: SessionRuntime, seat: AppSeat, message: ManagedStreamRequest) -> None:
    """Have the glasses stream to the media server, or watch what they stream there already."""
    asker = Asker(seat.package_name, lambda: facts_of(runtime, seat), partial(_refuse_managed, runtime, seat))
    ask_managed(runtime, asker, message)


@from_app(ManagedStreamStop)
def on_managed_stream_stop(runtime: SessionRuntime, seat: AppSeat, message: ManagedStreamStop) -> None:
    """Let the app watch no more; the stream ends with the last one that did."""
    stream = runtime.camera.stream
    watches = stream is not None and seat.package_name in stream.viewers
    was_last = stream is not None and stream.viewers == [seat.package_name]
    runtime.camera.leave(seat.package_name)
    if not was_last:
        _say_managed(runtime, seat, STOPPED, None, stream.stream_id if stream and watches else None)


@from_app(StreamStatusCheck)
def on_stream_status_check(runtime: SessionRuntime, seat: AppSeat, message: StreamStatusCheck) -> None:
    """Say whether the user streams, whoever asked for it (P-53)."""
    stream = runtime.camera.stream
    tell_app(
        seat,
        cloud_to_app.StreamStatusCheckResponse(
            has_active_stream=stream is not None,
            request_id=message.request_id,
            stream_info=None if stream is None else stream_info(stream, seat.package_name),
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )


def _asker(runtime: SessionRuntime, seat: AppSeat) -> Asker:
    return Asker(seat.package_name, lambda: facts_of(runtime, seat), partial(_refuse_direct, runtime, seat))


def _refuse_direct(runtime: SessionRuntime, seat: AppSeat, code: ErrorCode, why: str) -> None:
    _say(runtime, seat, ERROR, f"{code}: {why or ERROR_FACTS[code].message}", None)


def _refuse_managed(runtime: SessionRuntime, seat: AppSeat, code: ErrorCode, why: str) -> None:
    _say_managed(runtime, seat, ERROR, f"{code}: {why or ERROR_FACTS[code].message}", None)


def _say(
    runtime: SessionRuntime, seat: AppSeat, status: str, details: str | None, stream_id: str | None
) -> None:
    message = cloud_to_app.RtmpStreamStatus if seat.family is Family.A else cloud_to_app.StreamStatus
    tell_app(
        seat,
        message(
            status=status,
            stream_id=stream_id,
            error_details=details,
            app_id=seat.package_name,
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )


def _say_managed(
    runtime: SessionRuntime, seat: AppSeat, status: str, why: str | None, stream_id: str | None
) -> None:
    tell_app(
        seat,
        cloud_to_app.ManagedStreamStatus(
            status=status,
            stream_id=stream_id,
            message=why,
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )
