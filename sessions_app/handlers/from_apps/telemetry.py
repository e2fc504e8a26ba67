"""Logs that an app brings over its socket instead of by REST (app-socket §7.5)."""

from functools import partial
from typing import Any

import msgspec

from sessions_app.app_runs.seat import AppSeat
from sessions_app.database import in_database
from sessions_app.errors import IncidentFull
from sessions_app.handlers.registry import from_app
from sessions_app.handlers.senders import Sender, reject, sender_of, undertake
from sessions_app.incidents.rules import APP
from sessions_app.incidents.services import add_log, find_incident
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.messaging.rules import QUESTIONS, TOO_OFTEN, Refusal
from sessions_app.protocol.app_to_cloud import TelemetryResponse
from sessions_app.protocol.codes import ErrorCode

UNKNOWN = Refusal(ErrorCode.MALFORMED_MESSAGE, "incidentId: this user reported no such incident")
FULL = Refusal(ErrorCode.RATE_LIMITED, "This incident has all the logs it may have")
NO_LINES = Refusal(ErrorCode.MALFORMED_MESSAGE, "logs: a list of lines is needed")


@from_app(TelemetryResponse)
def on_telemetry_response(runtime: SessionRuntime, seat: AppSeat, message: TelemetryResponse) -> None:
    """Keep an app's log lines for an incident of its user."""
    sender = sender_of(runtime, seat)
    if not sender.may(QUESTIONS):
        reject(sender, sender.refusal(TOO_OFTEN))
        return
    line = ("telemetry", sender.session_id, sender.package_name)
    undertake(sender, line, partial(_keep, sender, message), sender.refusal)


async def _keep(sender: Sender, message: TelemetryResponse) -> Refusal | None:
    try:
        lines = msgspec.json.decode(message.logs or b"null", type=list[Any])
    except msgspec.ValidationError:
        return NO_LINES
    return await in_database(_store, sender, message.incident_id, lines)


def _store(sender: Sender, incident_id: str, lines: list[Any]) -> Refusal | None:
    incident = find_incident(incident_id, user_pk=sender.user_pk)
    if incident is None:
        return UNKNOWN
    try:
        add_log(incident=incident, source=APP, entries=lines, package_name=sender.package_name)
    except IncidentFull:
        return FULL
    return None
