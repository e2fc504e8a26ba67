"""The page of one session: what it is now, its timeline, its apps, its history. The part that lives renews itself."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from sessions_app.admin.timeline.lanes import MarkKind, draw_lanes
from sessions_app.admin.timeline.layout import place, ticks
from sessions_app.admin.timeline.ranges import range_links, read_window
from sessions_app.admin.timeline.reading import end_of, read_history
from sessions_app.models import UserSession
from sessions_app.states import LIVE_SESSION_STATES, RunState, SessionState

RIGHT_HALF = 55
MOST_STREAMS = 20
# In percent: a name would not fit.
SHORT_SPAN = 4
LEGEND = (
    (MarkKind.BACK, "came back"),
    (MarkKind.OWNER, "taken over by another node"),
    (MarkKind.LOSS, "connection lost"),
    (MarkKind.ERROR, "error"),
)
SESSION_COLOURS = ("CONNECTING", "ACTIVE", "DISCONNECTED", "DISPOSING")
RUN_COLOURS = ("connecting", "running", "grace_period", "resurrecting", "dormant", "stopping")


def facts_of(session: UserSession, query: QueryDict) -> dict[str, Any]:
    """Return what the page's templates show; `query` says which part of the timeline. Four queries."""
    now = timezone.now()
    end = end_of(session, now)
    window, follows = read_window(session.started_at, end, query.get("last", ""), query.get("until", ""))
    history = read_history(session, window, follows=follows)
    lanes = place(draw_lanes([*history.before, *history.moves]), window, end)
    runs = list(session.app_runs.all())
    return {
        "session": session,
        "is_live": session.state in LIVE_SESSION_STATES,
        "is_over": session.state == SessionState.DISPOSED,
        "window": window,
        "links": range_links(session.started_at, end, window, follows=follows),
        "lanes": lanes,
        "ticks": ticks(window),
        "moves": list(reversed(history.moves)),
        "is_cut": history.is_cut,
        "legend": LEGEND,
        "session_colours": SESSION_COLOURS,
        "run_colours": RUN_COLOURS,
        "right_half": RIGHT_HALF,
        "short_span": SHORT_SPAN,
        "runs": runs,
        "streams": list(session.camera_streams.all()[:MOST_STREAMS]),
        "running": sum(run.state != RunState.STOPPED for run in runs),
    }
