"""The history of a session as its timeline needs it: a bounded part, and where every lane stood before it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from sessions_app.admin.timeline.lanes import SESSION_LANE, Move
from sessions_app.admin.timeline.layout import Window
from sessions_app.models import SessionTransition, UserSession
from sessions_app.states import SessionState

MOST_MOVES = 300


@dataclass(frozen=True, slots=True)
class History:
    """Moves in the order they happened: `moves` are those in the window, at most 300, the newest of many.

    `before` are the last ones of each lane before them; without all of them, `is_cut` is true.
    """

    before: list[Move]
    moves: list[Move]
    is_cut: bool


def read_history(session: UserSession, window: Window, *, follows: bool) -> History:
    """Return what is shown of a session's history, to its very end if the window `follows` it; three queries."""
    rows = SessionTransition.objects.filter(session=session)
    # Clocks of nodes differ a little: at either end of the session nothing is left out.
    inside = rows.order_by("-id")
    if window.since > session.started_at:
        inside = inside.filter(at__gte=window.since)
    if not follows:
        inside = inside.filter(at__lte=window.until)
    newest = list(inside[: MOST_MOVES + 1])
    is_cut = len(newest) > MOST_MOVES
    moves = [_move(row) for row in reversed(newest[:MOST_MOVES])]
    first = moves[0].key if moves else None
    older = rows.filter(at__lt=window.since) if first is None else rows.filter(pk__lt=first)
    last_of_each = older.order_by().values("package_name").annotate(last=Max("pk")).values("last")
    before = [_move(row) for row in rows.filter(pk__in=last_of_each).order_by("id")]
    owners = older.filter(package_name="", detail__startswith="owner ").order_by("-id")[:1]
    known = {move.key for move in before}
    before = [*(_move(row) for row in owners if row.pk not in known), *before]
    return History(before, moves, is_cut)


def end_of(session: UserSession, now: datetime) -> datetime:
    """Return until when there is something to show of a session."""
    over = session.state == SessionState.DISPOSED and session.disposed_at is not None
    return session.disposed_at if over and session.disposed_at is not None else now


def _move(row: SessionTransition) -> Move:
    lane = row.package_name or SESSION_LANE
    return Move(row.pk, lane, row.from_state, row.to_state, row.cause, row.detail, row.at)
