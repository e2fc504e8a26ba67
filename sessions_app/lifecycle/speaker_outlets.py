"""What speaker streams have to say: to the phone that is to fetch them, to the app of one that failed."""

from collections.abc import Callable

import msgspec

from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.media.speaker import SpeakerOutlets
from sessions_app.media.speaker_rules import REQUEST_PREFIX, Turn, failure_of
from sessions_app.media.speaker_stream import SpeakerStream
from sessions_app.protocol.cloud_to_app import AudioPlayResponse
from sessions_app.protocol.cloud_to_glasses import AudioPlayRequest
from sessions_app.protocol.codec import iso


def speaker_outlets(runtime: Callable[[], SessionRuntime]) -> SpeakerOutlets:
    """Return the outlets of a session's streams; the session is there when the first of them is used."""
    return SpeakerOutlets(
        lambda request: _tell_phone(runtime(), request),
        lambda stream, turn: tell_failure(runtime(), stream, turn),
        lambda: remember(runtime()),
    )


def _tell_phone(runtime: SessionRuntime, request: AudioPlayRequest) -> bool:
    return runtime.phone.send(msgspec.structs.replace(request, timestamp=iso(runtime.upkeep.clock.now())))


def tell_failure(runtime: SessionRuntime, stream: SpeakerStream, turn: Turn) -> None:
    """Tell an app why its stream ended, in the answer to its request to play it."""
    seat = runtime.apps.find(stream.package_name)
    if seat is None:
        return
    code, why = failure_of(turn, phone_open=runtime.phone.is_open)
    tell_app(
        seat,
        AudioPlayResponse(
            request_id=f"{REQUEST_PREFIX}{stream.stream_id}",
            success=False,
            error=f"{code}: {why}",
            session_id=seat.app_session_id,
            timestamp=iso(runtime.upkeep.clock.now()),
        ),
    )
