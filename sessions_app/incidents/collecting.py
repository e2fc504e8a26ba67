"""What a worker does with a report: secrets out, what this cloud knows of the session in, apps asked for their logs.

Each step may be repeated: a worker that dies in between is followed by another one.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.incidents.excerpt import excerpt_of
from sessions_app.incidents.rules import (
    PATIENCE_SECONDS,
    SERVER,
    TELEMETRY_WINDOW_MS,
    clean,
    digest_of_log,
    read_lines,
    without_person,
)
from sessions_app.inspection.masking import masked
from sessions_app.models import Incident, IncidentLog
from sessions_app.outbound.commands import AskForTelemetry
from sessions_app.outbound.owner import ask_from_outside

logger = logging.getLogger(__name__)


def complete(incident_id: str) -> None:
    """Gather what belongs to an incident, and read the logs that came since."""
    incident = Incident.objects.select_related("user").filter(pk=incident_id).first()
    if incident is None:
        return
    if incident.collected_at is None:
        _mask(incident)
        if incident.kind != Incident.Kind.INCIDENT or _gather(incident):
            Incident.objects.filter(pk=incident.pk).update(collected_at=timezone.now())
    for log in IncidentLog.objects.filter(incident=incident, read_at__isnull=True):
        _read(log, incident.user.email if incident.user else "")


def _mask(incident: Incident) -> None:
    incident.said, incident.phone_state = masked(incident.said), masked(incident.phone_state)
    incident.save(update_fields=["said", "phone_state"])


def _gather(incident: Incident) -> bool:
    """Say whether all was done that can be done; an owner that does not answer is asked again for two minutes."""
    now = timezone.now()
    _keep_excerpt(incident, now)
    is_late = now - incident.created_at > timedelta(seconds=PATIENCE_SECONDS)
    return not incident.session_id or _ask_apps(incident, now) or is_late


def _keep_excerpt(incident: Incident, now: datetime) -> None:
    if not incident.session_id:
        return
    logs = [
        IncidentLog(
            incident=incident,
            source=SERVER,
            package_name=package_name,
            digest=digest_of_log(SERVER, package_name, ""),
            lines=masked_lines(lines),
            read_at=now,
        )
        for package_name, lines in excerpt_of(incident.session_id, incident.created_at).items()
    ]
    with transaction.atomic():
        IncidentLog.objects.filter(incident=incident, source=SERVER).delete()
        IncidentLog.objects.bulk_create(logs)


def _ask_apps(incident: Incident, now: datetime) -> bool:
    """Have the owner of the session ask the apps in it for their logs, once; false when it does not answer."""
    unasked = Incident.objects.filter(pk=incident.pk, asked_at__isnull=True)
    if not unasked.update(asked_at=now):
        return True
    try:
        ask_from_outside(incident.session_id, AskForTelemetry(str(incident.pk), TELEMETRY_WINDOW_MS))
    except SessionAbsent:
        return True
    except OwnerUnreachable as problem:
        logger.warning("Apps were not asked for logs of incident %s: %s", incident.pk, problem)
        Incident.objects.filter(pk=incident.pk).update(asked_at=None)
        return False
    return True


def _read(log: IncidentLog, user_id: str) -> None:
    lines = read_lines(json.loads(log.raw), log.created_at)
    if log.package_name:
        lines = without_person(lines, user_id)
    log.lines, log.raw, log.read_at = masked_lines(lines), "", timezone.now()
    log.save(update_fields=["lines", "raw", "read_at"])


def masked_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines without secrets, line by line: a list as a whole would be cut."""
    return [clean(masked(line)) for line in lines]
