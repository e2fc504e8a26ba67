"""Reading reports: all of one for operators, for developers only what their own app contributed."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from sessions_app.incidents.rules import SERVER, in_order
from sessions_app.models import Incident, IncidentLog, UserSession

MOST_LINES_SHOWN = 2_000


class LogPage(NamedTuple):
    """Lines of all sources in one order, the newest if there are too many, and how many were left out."""

    lines: list[dict[str, Any]]
    left_out: int


def find_report(incident_id: str) -> Incident | None:
    """Return a report of any kind, for operators; None when there is none."""
    try:
        key = UUID(incident_id)
    except ValueError:
        return None
    return Incident.objects.select_related("user").prefetch_related("attachments").filter(pk=key).first()


def session_of(incident: Incident) -> UserSession | None:
    """Return the session somebody was in, as long as it is kept."""
    return UserSession.objects.filter(pk=incident.session_id).first() if incident.session_id else None


def lines_of(
    incident: Incident, *, source: str = "", level: str = "", most: int = MOST_LINES_SHOWN
) -> LogPage:
    """Return the log of an incident; `source` is one of a line's sources or packages, `level` one of its levels."""
    logs = incident.logs.filter(read_at__isnull=False).defer("raw")
    return _page(logs, source, level, most)


def sources_of(incident: Incident) -> list[str]:
    """Return the names of the sources that brought lines, for a choice among them."""
    pairs = incident.logs.order_by().values_list("source", "package_name").distinct()
    return sorted({name_of(source, package_name) for source, package_name in pairs})


def name_of(source: str, package_name: str) -> str:
    """Return how a source is called: an app by its package, what the cloud knows of it with a word more."""
    if not package_name:
        return source
    return f"{source}: {package_name}" if source == SERVER else package_name


def incidents_of_app(package_name: str) -> QuerySet[Incident]:
    """Return the incidents to which sessions of an app contributed logs, newest first.

    Only `pk`, `created_at` and the app's logs are a developer's business.
    """
    logs = IncidentLog.objects.filter(package_name=package_name)
    return Incident.objects.filter(pk__in=logs.values("incident"))


def lines_of_app(incident: Incident, package_name: str) -> LogPage:
    """Return what one app's sessions contributed, and nothing else."""
    logs = incident.logs.filter(read_at__isnull=False, package_name=package_name).defer("raw")
    return _page(logs, "", "", MOST_LINES_SHOWN)


def _page(logs: QuerySet[IncidentLog], source: str, level: str, most: int) -> LogPage:
    found: list[dict[str, Any]] = []
    for log in logs:
        name = name_of(log.source, log.package_name)
        if source in ("", name):
            found += [
                {**line, "from": name} for line in log.lines if level in ("", str(line.get("level", "")))
            ]
    ordered = in_order(found)
    return LogPage(ordered[-most:], max(0, len(ordered) - most))
