"""An app asks once where the user is (streams-and-permissions §13)."""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.from_glasses.location import POLL, location_answer
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app, tell_app_error
from sessions_app.phone.rules import is_fresh, known_tier
from sessions_app.protocol.app_to_cloud import LocationPollRequest
from sessions_app.protocol.cloud_to_app import PermissionError, RefusedStream
from sessions_app.protocol.cloud_to_glasses import RequestSingleLocation
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.permissions import PermissionType

POLL_SECONDS = 12.0


@from_app(LocationPollRequest)
def on_location_poll_request(runtime: SessionRuntime, seat: AppSeat, message: LocationPollRequest) -> None:
    """Answer from the cache when it is fresh enough, else ask the phone and fall back on the cache after 12 s."""
    if PermissionType.LOCATION not in seat.facts.permissions:
        _refuse(runtime, seat)
        return
    accuracy, data = known_tier(message.accuracy), runtime.data
    age_seconds = runtime.upkeep.clock.now().timestamp() - data.located_at
    if data.last_location and is_fresh(accuracy, age_seconds):
        _answer(runtime, seat, message.correlation_id)
        return
    if runtime.requests.is_full_for(seat.package_name):
        tell_app_error(runtime, seat, ErrorCode.RATE_LIMITED, "", message.correlation_id)
        return
    _ask(runtime, seat, message.correlation_id, accuracy)


def _ask(runtime: SessionRuntime, seat: AppSeat, correlation_id: str, accuracy: str) -> None:
    """Ask the phone, or the one that comes while there is still time."""
    polls = runtime.data.polls
    polls[correlation_id] = accuracy

    def answer(raw: str) -> None:
        polls.pop(correlation_id, None)
        _send(runtime, seat, raw)

    runtime.requests.wait_for(
        correlation_id,
        seat.package_name,
        POLL_SECONDS,
        kind=POLL,
        on_answer=answer,
        on_timeout=lambda: _too_late(runtime, seat, correlation_id),
    )
    runtime.phone.send(RequestSingleLocation(accuracy=accuracy, correlation_id=correlation_id))


def _too_late(runtime: SessionRuntime, seat: AppSeat, correlation_id: str) -> None:
    runtime.data.polls.pop(correlation_id, None)
    if runtime.data.last_location:
        _answer(runtime, seat, correlation_id)
    elif runtime.phone.is_open:
        tell_app_error(runtime, seat, ErrorCode.TIMEOUT, "The phone sent no position in time", correlation_id)
    else:
        tell_app_error(runtime, seat, ErrorCode.PHONE_DISCONNECTED, "", correlation_id)


def _answer(runtime: SessionRuntime, seat: AppSeat, correlation_id: str) -> None:
    _send(runtime, seat, runtime.data.location_with(correlation_id))


def _send(runtime: SessionRuntime, seat: AppSeat, raw: str) -> None:
    text = location_answer(runtime, seat.app_session_id, raw)
    if seat.link is not None and seat.link.is_open:
        seat.link.send_text(text)
    elif seat.is_expected:
        seat.held.add(text)


def _refuse(runtime: SessionRuntime, seat: AppSeat) -> None:
    text = "The app has not declared LOCATION"
    tell_app(
        seat,
        PermissionError(
            message=text,
            details=[
                RefusedStream(
                    stream="location_update", required_permission=PermissionType.LOCATION, message=text
                )
            ],
            denied_permissions=[PermissionType.LOCATION],
            session_id=seat.app_session_id,
            timestamp=now_iso(runtime),
        ),
    )
