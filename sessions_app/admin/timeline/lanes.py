"""From the moves of a session to lanes of spans and marks. Pure: no Django, no database, no pixels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle.rules import SessionEvent
from sessions_app.states import RunState, SessionState

SESSION_LANE = "session"
OWNER_LANE = "node"
OWNER = "owner "
# Nothing is there in these states, so nothing is drawn.
_OVER = frozenset({"", SessionState.DISPOSED, RunState.STOPPED})


class MarkKind(StrEnum):
    """What a mark on a lane tells, the most important last."""

    NOTE = "note"
    BACK = "back"
    OWNER = "owner"
    LOSS = "loss"
    ERROR = "error"


SEVERITY = tuple(MarkKind)
_KINDS: Mapping[str, MarkKind] = {
    SessionEvent.PHONE_RETURNED: MarkKind.BACK,
    SessionEvent.PHONE_LOST: MarkKind.LOSS,
    RunEvent.SOCKET_LOST: MarkKind.LOSS,
    RunEvent.GRACE_ENDED: MarkKind.LOSS,
    RunEvent.START_FAILED: MarkKind.ERROR,
    RunEvent.GAVE_UP: MarkKind.ERROR,
    RunEvent.RETIRED: MarkKind.ERROR,
}
ERROR_CAUSES = tuple(str(cause) for cause, kind in _KINDS.items() if kind is MarkKind.ERROR)
_SILENT = "fell silent"
_FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the history; `lane` is the app's package name, or "session"."""

    key: int
    lane: str
    before: str
    after: str
    cause: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A time in one state; `until` is None while it lasts. `key` is the move it began with, if that is known."""

    state: str
    since: datetime
    until: datetime | None
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment worth a look."""

    kind: MarkKind
    at: datetime
    text: str
    key: int


@dataclass(slots=True)
class Lane:
    """The session, the node that owned it, or one app."""

    name: str
    spans: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def draw_lanes(moves: Iterable[Move]) -> list[Lane]:
    """Return the lanes of moves in the order they happened: session, its nodes, apps as they came."""
    lanes = {SESSION_LANE: Lane(SESSION_LANE), OWNER_LANE: Lane(OWNER_LANE)}
    for move in moves:
        lane = lanes.setdefault(move.lane, Lane(move.lane))
        _enter(lane, move.after, move)
        if move.lane == SESSION_LANE:
            _follow_owner(lanes[OWNER_LANE], move)
        kind = kind_of(move)
        if kind is not None:
            lane.marks.append(Mark(kind, move.at, text_of(move), move.key))
    return [lane for lane in lanes.values() if lane.spans or lane.marks]


def kind_of(move: Move) -> MarkKind | None:
    """Return what kind of mark a move deserves; none for what its spans tell already."""
    if move.cause == SessionEvent.FINISHED and move.detail.startswith(_FAILED):
        return MarkKind.ERROR
    if move.cause == SessionEvent.PHONE_LOST and move.detail.endswith(_SILENT):
        return MarkKind.ERROR
    if move.cause == RunEvent.ATTACHED and move.before not in ("", RunState.CONNECTING):
        return MarkKind.BACK
    return _KINDS.get(move.cause)


def text_of(move: Move) -> str:
    """Return a move as one line."""
    before = f"{move.before} → " if move.before and move.before != move.after else ""
    detail = f" ({move.detail})" if move.detail else ""
    return f"{move.cause.replace('_', ' ')}: {before}{move.after}{detail}"


def _enter(lane: Lane, state: str, move: Move) -> None:
    if lane.spans and lane.spans[-1].until is None:
        last = lane.spans[-1]
        if last.state == state:
            return
        lane.spans[-1] = Span(last.state, last.since, move.at, last.key)
    if state not in _OVER:
        lane.spans.append(Span(state, move.at, None, move.key))


def _follow_owner(lane: Lane, move: Move) -> None:
    """Follow who owns the session: named whenever a phone connects, nobody once the session is over."""
    if move.after == SessionState.DISPOSED:
        _enter(lane, "", move)
    elif move.detail.startswith(OWNER):
        node = move.detail.removeprefix(OWNER)
        last = lane.spans[-1].state if lane.spans else None
        _enter(lane, node, move)
        if last is not None and last != node:
            lane.marks.append(Mark(MarkKind.OWNER, move.at, f"taken over by {node} from {last}", move.key))
