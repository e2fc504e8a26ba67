"""Sessions and apps in them for tests, made by the real services."""

from datetime import datetime
from typing import Any

from accounts.models import User
from sessions_app.app_runs.rules import RunEvent, next_run_state
from sessions_app.app_runs.services import record_move
from sessions_app.lifecycle.services import COUNTED, Opened, lose_phone, open_session
from sessions_app.models import AppRun, UserSession
from sessions_app.states import RunState, SessionRef
from tests.support.fake_clock import START
from tests.support.personas import CAPTIONS

NODE = "node-1"
GRACE_SECONDS = 300.0


def connect_phone(user: User, *, node_id: str = NODE, now: datetime = START) -> Opened:
    """Open or resume the user's session on a node."""
    return open_session(user_pk=user.pk, user_id=user.email, node_id=node_id, now=now)


def lose_the_phone(ref: SessionRef, *, now: datetime = START) -> None:
    """Start the grace period, five minutes from `now`."""
    lose_phone(ref=ref, cause="1006", grace_seconds=GRACE_SECONDS, now=now)


def play(
    ref: SessionRef, *events: RunEvent, package_name: str = CAPTIONS, now: datetime = START, **changes: Any
) -> RunState:
    """Let events happen to an app, each stored with `changes`; return its state afterwards."""
    row = AppRun.objects.filter(session__pk=ref.session_id, package_name=package_name).first()
    state = RunState(row.state) if row is not None else None
    for event in events:
        before, state = state, next_run_state(state, event)
        record_move(
            ref=ref,
            package_name=package_name,
            before=None if before is RunState.STOPPED else before,
            after=state,
            cause=event,
            detail="",
            changes=changes,
            now=now,
        )
    assert state is not None
    return state


def row_of(ref: SessionRef) -> UserSession:
    """Read the session's row."""
    return UserSession.objects.get(pk=ref.session_id)


def last_detail(ref: SessionRef) -> str:
    """Return the detail of the newest entry of the session's history."""
    return row_of(ref).transitions.order_by("-id")[0].detail


def history(ref: SessionRef, package_name: str = "") -> list[str]:
    """Return the states that the session, or one of its apps, went through."""
    moves = row_of(ref).transitions.filter(package_name=package_name)
    return [move.to_state for move in moves]


def counts_of(**counted: int) -> dict[str, int]:
    """Return a number for every column that counts, 0 unless given."""
    return {column: counted.get(column, 0) for column in COUNTED}
