"""Taking reports and logs. Everything is a row before anybody is told that it arrived; workers complete it later."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from sessions_app.errors import IncidentFull
from sessions_app.incidents.rules import (
    APP,
    MOST_LOG_BYTES,
    MOST_UPLOADS_OF_APP,
    MOST_UPLOADS_OF_PHONE,
    clean,
    digest_of_log,
    retry_key,
    summary_of,
)
from sessions_app.models import Incident, IncidentLog
from sessions_app.selectors import find_live_session

Kind = Incident.Kind
_BATCH = 100


def report(
    *, kind: Incident.Kind, user: User | None, said: Any, phone_state: Any = None, who: str = ""
) -> Incident:
    """Take a report; the same one of the same person within ten minutes is not taken twice.

    `who` tells reports of nobody apart, by the address they come from.
    """
    now, said, phone_state = timezone.now(), clean(said), clean(phone_state or {})
    name, moment = str(user.pk) if user else who, now.timestamp()
    body = [said, phone_state]
    key = retry_key(name, kind, body, moment)
    keys = [key, retry_key(name, kind, body, moment, before=True)]
    known = Incident.objects.filter(retry_key__in=keys).first()
    if known is not None:
        return known
    session = find_live_session(user.pk) if user else None
    try:
        with transaction.atomic():
            return Incident.objects.create(
                kind=kind,
                user=user,
                summary=summary_of(said),
                said=said,
                phone_state=phone_state,
                session_id=str(session.pk) if session else "",
                retry_key=key,
                created_at=now,
            )
    except IntegrityError:  # sent twice at once
        return Incident.objects.get(retry_key=key)


def find_incident(incident_id: str, *, user_pk: int | None = None) -> Incident | None:
    """Return an incident with logs, of this person if one is named; None when there is none."""
    try:
        found = Incident.objects.filter(pk=UUID(incident_id), kind=Kind.INCIDENT)
    except ValueError:
        return None
    return (found if user_pk is None else found.filter(user_id=user_pk)).first()


def add_log(*, incident: Incident, source: str, entries: list[Any], package_name: str = "") -> bool:
    """Keep log lines as they came, for a worker to read; false when these are kept already. Raises IncidentFull."""
    raw = json.dumps(clean(entries))
    digest = digest_of_log(source, package_name, raw)
    with transaction.atomic():
        # One at a time for each incident, so that its bounds hold.
        Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
        kept = IncidentLog.objects.filter(incident=incident)
        if kept.filter(digest=digest).exists():
            return False
        same = kept.filter(source=source, package_name=package_name).count()
        most = MOST_UPLOADS_OF_APP if source == APP else MOST_UPLOADS_OF_PHONE
        total = int(kept.aggregate(total=Sum("size"))["total"] or 0)
        if same >= most or total + len(raw) > MOST_LOG_BYTES:
            raise IncidentFull("This incident has all the logs it may have.")
        IncidentLog.objects.create(
            incident=incident,
            source=source,
            package_name=package_name,
            digest=digest,
            raw=raw,
            size=len(raw),
        )
    return True


def close(*, incident: Incident, is_closed: bool) -> bool:
    """Note that operators are done with a report, or not any more; false when that was so already."""
    before = Incident.objects.filter(pk=incident.pk, closed_at__isnull=is_closed)
    return bool(before.update(closed_at=timezone.now() if is_closed else None))


def list_waiting(*, before: datetime) -> list[str]:
    """Return the ids of incidents that came before a moment and that no worker has completed, oldest first."""
    fresh = Incident.objects.filter(collected_at__isnull=True, created_at__lt=before)
    unread = IncidentLog.objects.filter(read_at__isnull=True, created_at__lt=before)
    ids = [*fresh.order_by("created_at").values_list("pk", flat=True)[:_BATCH]]
    ids += unread.order_by("pk").values_list("incident_id", flat=True)[:_BATCH]
    return [str(pk) for pk in dict.fromkeys(ids)]
