"""Camera streams (app-socket §7.3).

This cloud does not relay them yet: every request is answered in the dialect and in the message type the SDK waits for.
"""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.asking import facts_of
from sessions_app.handlers.from_apps.connection import note_family_b
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.media.rules import HardwareKind, hardware_refusal
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
from sessions_app.protocol.codes import ErrorCode

NOT_OFFERED = f"{ErrorCode.NOT_SUPPORTED}: this cloud does not offer live streams"


def _why_not(runtime: SessionRuntime, seat: AppSeat) -> str:
    refusal = hardware_refusal(HardwareKind.STREAM, facts_of(runtime, seat))
    return NOT_OFFERED if refusal is None else f"{refusal.code}: {refusal.message}"


@from_app(RtmpStreamRequest)
def on_rtmp_stream_request(runtime: SessionRuntime, seat: AppSeat, message: RtmpStreamRequest) -> None:
    """Answer a stream request of SDK 2."""
    tell_app(
        seat,
        cloud_to_app.RtmpStreamStatus(
            status="error",
            error_details=_why_not(runtime, seat),
            app_id=seat.package_name,
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )


@from_app(StreamRequest)
def on_stream_request(runtime: SessionRuntime, seat: AppSeat, message: StreamRequest) -> None:
    """Answer a stream request of SDK 3."""
    note_family_b(runtime, seat)
    tell_app(
        seat,
        cloud_to_app.StreamStatus(
            status="error",
            error_details=_why_not(runtime, seat),
            app_id=seat.package_name,
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )


@from_app(ManagedStreamRequest)
def on_managed_stream_request(runtime: SessionRuntime, seat: AppSeat, message: ManagedStreamRequest) -> None:
    """Answer a request for a managed stream."""
    tell_app(
        seat,
        cloud_to_app.ManagedStreamStatus(
            status="error",
            message=_why_not(runtime, seat),
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )


@from_app(RtmpStreamStop, StreamStop, ManagedStreamStop)
def on_stream_stop(
    runtime: SessionRuntime, seat: AppSeat, message: RtmpStreamStop | StreamStop | ManagedStreamStop
) -> None:
    """Nothing runs, so there is nothing to stop."""


@from_app(StreamStatusCheck)
def on_stream_status_check(runtime: SessionRuntime, seat: AppSeat, message: StreamStatusCheck) -> None:
    """Say that no stream of this user runs."""
    tell_app(
        seat,
        cloud_to_app.StreamStatusCheckResponse(
            has_active_stream=False,
            request_id=message.request_id,
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )
