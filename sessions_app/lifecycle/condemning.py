"""The rows of sessions on their last way: condemned, taken up by a worker, reported, finished.

Every move is a filtered update, so that of any number of sweeps, workers and commands exactly one makes it.
Knows no socket and no app server; what is done in between is disposal.py.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from sessions_app.lifecycle.rules import SessionEvent, sources
from sessions_app.lifecycle.services import note
from sessions_app.models import UserSession
from sessions_app.states import SessionId, SessionState

STUCK_AFTER_SECONDS = 30.0


def condemn_expired(*, now: datetime) -> list[SessionId]:
    """Move every session whose grace period is over to DISPOSING; return those this call won."""
    expired = UserSession.objects.filter(state=SessionState.DISCONNECTED, dispose_after__lte=now)
    won = []
    for row in expired.only("pk", "generation", "state"):
        # A phone that came back meanwhile, and may be gone again, has a new generation and a new deadline.
        still = UserSession.objects.filter(generation=row.generation, dispose_after__lte=now)
        if _condemn(still, row.pk, row.state, "grace_expired", now):
            won.append(SessionId(str(row.pk)))
    return won


def condemn(*, session_id: str, reason: str, now: datetime) -> bool:
    """Move one live session to DISPOSING, whatever it is doing; say whether this call did it."""
    while True:
        state = (
            UserSession.objects.filter(pk=session_id, state__in=sources(SessionEvent.CONDEMNED))
            .values_list("state", flat=True)
            .first()
        )
        if state is None:
            return False
        if _condemn(UserSession.objects.all(), session_id, state, reason, now):
            return True


def _condemn(still: QuerySet[UserSession], pk: str | UUID, state: str, reason: str, now: datetime) -> bool:
    with transaction.atomic():
        hit = still.filter(pk=pk, state=state).update(
            state=SessionState.DISPOSING, dispose_reason=reason[:200], dispose_after=now, disposing_at=None
        )
        if hit == 1:
            note(pk, state, SessionEvent.CONDEMNED, detail=reason, at=now)
    return hit == 1


def take_up(*, session_id: str, now: datetime) -> UserSession | None:
    """Return the condemned session for its disposal, or None when another is at it, or it is over.

    A disposal that was not finished within 30 s is taken for dead and may be taken up again.
    """
    dead = now - timedelta(seconds=STUCK_AFTER_SECONDS)
    free = Q(disposing_at=None) | Q(disposing_at__lte=dead)
    hit = UserSession.objects.filter(free, pk=session_id, state=SessionState.DISPOSING).update(
        disposing_at=now
    )
    return UserSession.objects.select_related("user").get(pk=session_id) if hit == 1 else None


def list_stuck(*, now: datetime) -> list[SessionId]:
    """Return the sessions whose disposal nobody began, or nobody finished, for 30 s."""
    dead = now - timedelta(seconds=STUCK_AFTER_SECONDS)
    never_begun = Q(disposing_at=None, dispose_after__lte=dead)
    stuck = UserSession.objects.filter(never_begun | Q(disposing_at__lte=dead), state=SessionState.DISPOSING)
    return [SessionId(str(pk)) for pk in stuck.values_list("pk", flat=True)]


def claim_report(*, session_id: str) -> bool:
    """Say whether the end of this session may be reported now: true once, whoever asks."""
    return UserSession.objects.filter(pk=session_id, is_reported=False).update(is_reported=True) == 1


def finish(*, session_id: str, now: datetime, detail: str = "") -> bool:
    """Move a session from DISPOSING to DISPOSED; true for the one call that did it."""
    with transaction.atomic():
        hit = UserSession.objects.filter(pk=session_id, state=SessionState.DISPOSING).update(
            state=SessionState.DISPOSED, disposed_at=now, dispose_after=None, owner=""
        )
        if hit == 1:
            note(session_id, SessionState.DISPOSING, SessionEvent.FINISHED, detail=detail, at=now)
    return hit == 1
