"""Asking the apps of a session for their logs of something that was reported (app-socket §8.7, rest §9)."""

from collections.abc import Iterable

from sessions_app.app_runs.seat import AppSeat
from sessions_app.incidents.tokens import UploadGrant, issue_upload_token
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.outbound.commands import DONE, AskForTelemetry, Reply
from sessions_app.protocol.cloud_to_app import RequestTelemetry
from sessions_app.protocol.codec import iso
from sessions_app.protocol.families import Family

# An app of family B looks like A until its first ping, 15 s after it connected (app-socket §1).
FAMILY_SHOWS_SECONDS = 16.0


async def ask_for_telemetry(runtime: SessionRuntime, command: AskForTelemetry) -> Reply:
    """Ask each app of family B, the only one that answers; one whose socket is on its way back is asked then.

    Those too young to have shown their family are looked at again when they have.
    """
    seats, now = list(runtime.apps), runtime.upkeep.clock.monotonic()
    _ask(runtime, seats, command)
    young = [seat for seat in seats if seat.family is Family.A and now - seat.acked_at < FAMILY_SHOWS_SECONDS]
    if young:
        name = f"telemetry {command.incident_id}"
        runtime.upkeep.soon(name, FAMILY_SHOWS_SECONDS, lambda: _ask(runtime, young, command))
    return DONE


def _ask(runtime: SessionRuntime, seats: Iterable[AppSeat], command: AskForTelemetry) -> None:
    for seat in seats:
        if seat.family is not Family.B or not seat.is_expected:
            continue
        grant = UploadGrant(command.incident_id, seat.package_name, runtime.ref.user_id)
        tell_app(
            seat,
            RequestTelemetry(
                incident_id=command.incident_id,
                upload_token=issue_upload_token(grant),
                window_ms=command.window_ms,
                session_id=seat.app_session_id,
                timestamp=iso(runtime.upkeep.clock.now()),
            ),
        )
