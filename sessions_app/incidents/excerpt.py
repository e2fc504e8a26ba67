"""What this cloud itself knows of a session when something is reported: its history, its apps, their webhooks."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sessions_app.models import AppRun, SessionTransition, UserSession, WebhookCall

LOOKED_BACK = timedelta(minutes=30)
MOST_ROWS = 500
Lines = dict[str, list[dict[str, Any]]]


def excerpt_of(session_id: str, until: datetime) -> Lines:
    """Return log lines by package (empty: of the session itself) of the half hour before a report and since."""
    since, lines = until - LOOKED_BACK, defaultdict[str, list[dict[str, Any]]](list)
    session = UserSession.objects.filter(pk=session_id).first()
    if session is None:
        return {}
    facts = f"session {session.state} at {session.owner or 'no node'}, {session.reconnects} reconnects"
    lines[""].append(_line(until, facts))
    for run in AppRun.objects.filter(session=session):
        sdk = f"family {run.family or '–'} {run.sdk_version}".strip()
        heard = ", ".join(map(str, run.subscriptions)) or "nothing"
        lines[run.package_name].append(_line(until, f"app {run.state}, {sdk}, hears {heard}"))
    newest = SessionTransition.objects.filter(session=session, at__gte=since).order_by("-id")
    moves = list(newest[:MOST_ROWS])
    for move in reversed(moves):
        detail = f": {move.detail}" if move.detail else ""
        said = f"{move.from_state or '–'} → {move.to_state} ({move.cause}{detail})"
        lines[move.package_name].append(_line(move.at, said))
    calls = WebhookCall.objects.filter(session_id=session_id, at__gte=since).select_related("app")
    for call in calls.order_by("-id")[:MOST_ROWS]:
        outcome = f"HTTP {call.status}" if call.status else call.problem
        level = "warn" if call.problem else "info"
        lines[call.app.package_name].append(_line(call.at, f"webhook {call.kind}: {outcome}", level))
    return dict(lines)


def _line(at: datetime, message: str, level: str = "info") -> dict[str, Any]:
    return {"at": at.isoformat(), "level": level, "message": message}
