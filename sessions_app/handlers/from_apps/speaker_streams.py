"""Speaker streams: sound that an app makes as it goes (app-socket §7.4, §9; media.md §4)."""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.asking import Question, ask_when_possible, facts_of
from sessions_app.handlers.from_apps.connection import note_family_b
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app, tell_app_error
from sessions_app.media.rules import HardwareKind
from sessions_app.media.speaker_links import new_token, stream_url
from sessions_app.protocol.app_to_cloud import AudioStreamEnd, AudioStreamStart
from sessions_app.protocol.cloud_to_app import AudioStreamReady
from sessions_app.protocol.codes import ErrorCode


@from_app(AudioStreamStart)
def on_audio_stream_start(runtime: SessionRuntime, seat: AppSeat, message: AudioStreamStart) -> None:
    """Open a stream and tell the app where the phone will get it."""
    note_family_b(runtime, seat)

    def refuse(code: ErrorCode, why: str) -> None:
        tell_app_error(runtime, seat, code, why, message.stream_id)

    ask_when_possible(
        runtime,
        Question(
            HardwareKind.AUDIO,
            seat.package_name,
            lambda: facts_of(runtime, seat),
            lambda: _open(runtime, seat, message.stream_id),
            refuse,
        ),
    )


@from_app(AudioStreamEnd)
def on_audio_stream_end(runtime: SessionRuntime, seat: AppSeat, message: AudioStreamEnd) -> None:
    """Let the phone hear what is still on its way; there is no answer to it."""
    note_family_b(runtime, seat)
    runtime.speaker.finish(seat.package_name, message.stream_id)


def _open(runtime: SessionRuntime, seat: AppSeat, stream_id: str) -> None:
    connection = seat.link.connection if seat.link is not None else 0
    problem = runtime.speaker.problem_of(seat.package_name, stream_id, connection)
    if problem is not None:
        code, why = problem
        tell_app_error(runtime, seat, code, why, stream_id)
        return
    token = new_token(runtime.ref.session_id)
    runtime.speaker.open(seat.package_name, stream_id, connection, token)
    tell_app(
        seat,
        AudioStreamReady(
            stream_id=stream_id,
            stream_url=stream_url(token),
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )
