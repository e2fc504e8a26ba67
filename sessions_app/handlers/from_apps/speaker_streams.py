"""Speaker streams: sound that an app makes as it goes (app-socket §7.4)."""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.from_apps.connection import note_family_b
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app_error
from sessions_app.protocol.app_to_cloud import AudioStreamEnd, AudioStreamStart
from sessions_app.protocol.codes import ErrorCode


@from_app(AudioStreamStart, AudioStreamEnd)
def on_audio_stream(
    runtime: SessionRuntime, seat: AppSeat, message: AudioStreamStart | AudioStreamEnd
) -> None:
    """Refuse a speaker stream; its end needs no answer."""
    note_family_b(runtime, seat)
    if isinstance(message, AudioStreamStart):
        tell_app_error(
            runtime,
            seat,
            ErrorCode.NOT_SUPPORTED,
            "This cloud does not offer speaker streams",
            message.stream_id,
        )
