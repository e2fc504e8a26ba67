"""The rows of sessions as nodes fall silent, wake up, or die and come back: who has a phone, and since when not.

Knows no socket: which phones are connected is told by the node.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from sessions_app.lifecycle.rules import SessionEvent
from sessions_app.lifecycle.services import note
from sessions_app.models import UserSession
from sessions_app.states import SessionId, SessionState

# How long a node may take from the row of a session to its phone's welcome.
SETTLING_SECONDS = 15.0


def mark_lost_sessions(*, silent_seconds: float, grace_seconds: float, now: datetime) -> int:
    """Start the grace period of sessions whose owner fell silent, counted from when it was last seen.

    It does not end at once, however long the silence was: when the database was away, everybody was silent, and a
    node that lives must have the time to say so.
    """
    moved = 0
    earliest_end = now + timedelta(seconds=silent_seconds / 2)
    silent = UserSession.objects.filter(
        state=SessionState.ACTIVE, last_seen_at__lt=now - timedelta(seconds=silent_seconds)
    )
    for row in silent.only("pk", "state", "generation", "last_seen_at", "owner"):
        with transaction.atomic():
            hit = UserSession.objects.filter(
                pk=row.pk, generation=row.generation, state=SessionState.ACTIVE, last_seen_at=row.last_seen_at
            ).update(
                state=SessionState.DISCONNECTED,
                disconnected_at=row.last_seen_at,
                dispose_after=max(row.last_seen_at + timedelta(seconds=grace_seconds), earliest_end),
            )
            if hit == 1:
                moved += 1
                note(
                    row.pk, row.state, SessionEvent.PHONE_LOST, detail=f"node {row.owner} fell silent", at=now
                )
    return moved


def touch_sessions(*, node_id: str, now: datetime) -> int:
    """Say that `node_id` lives: its active sessions were seen now."""
    return UserSession.objects.filter(owner=node_id, state=SessionState.ACTIVE).update(last_seen_at=now)


def revive_sessions(*, node_id: str, generations: Mapping[SessionId, int], now: datetime) -> int:
    """Make sessions active again that were taken for lost although their phone is connected to `node_id`.

    `generations` are the sessions with a phone, looked up after `now`: one whose phone left since then was
    lost later than `now` and stays lost.
    """
    lost = UserSession.objects.filter(
        owner=node_id, state=SessionState.DISCONNECTED, disconnected_at__lt=now
    ).only("pk", "state", "generation")
    revived = 0
    for row in lost:
        if generations.get(SessionId(str(row.pk))) != row.generation:
            continue
        with transaction.atomic():
            hit = UserSession.objects.filter(
                pk=row.pk,
                generation=row.generation,
                state=SessionState.DISCONNECTED,
                disconnected_at__lt=now,
            ).update(state=SessionState.ACTIVE, disconnected_at=None, dispose_after=None, last_seen_at=now)
            if hit == 1:
                revived += 1
                note(row.pk, row.state, SessionEvent.PHONE_RETURNED, detail="never away", at=now)
    return revived


def lose_absent_phones(
    *, node_id: str, generations: Mapping[SessionId, int], grace_seconds: float, now: datetime
) -> int:
    """Start the grace period of active sessions of `node_id` that have no phone there.

    An earlier process of the node left them when it died, or the loss of their phone was never stored.
    `generations` are the sessions with a phone, looked up after `now`; one that was opened shortly before may
    not be among them yet.
    """
    settled = UserSession.objects.filter(
        owner=node_id, state=SessionState.ACTIVE, connected_at__lt=now - timedelta(seconds=SETTLING_SECONDS)
    )
    lost = 0
    for row in settled.only("pk", "state", "generation"):
        if generations.get(SessionId(str(row.pk))) == row.generation:
            continue
        with transaction.atomic():
            hit = settled.filter(pk=row.pk, generation=row.generation).update(
                state=SessionState.DISCONNECTED,
                disconnected_at=now,
                dispose_after=now + timedelta(seconds=grace_seconds),
            )
            if hit == 1:
                lost += 1
                note(row.pk, row.state, SessionEvent.PHONE_LOST, detail="no phone at its node", at=now)
    return lost
