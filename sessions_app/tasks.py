"""Background jobs: what beat's clock and other processes have a worker do. Each only calls a service.

Celery closes a thread's database connection around every task, so none lives longer than its task.
"""

import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.services import forget_expired_tokens
from sessions_app.lifecycle import disposal
from sessions_app.lifecycle.condemning import STUCK_AFTER_SECONDS, condemn_expired, list_stuck
from sessions_app.lifecycle.liveness import mark_lost_sessions
from sessions_app.lifecycle.retention import forget_history
from sessions_app.outbound.announcing import tell_from_outside
from sessions_app.outbound.commands import load_command
from sessions_app.outbound.redis import blocking_redis, key
from sessions_app.selectors import find_owner_of_user, find_owners_of_app

HEARTBEAT_TTL_SECONDS = 30


@shared_task
def dispose_expired_sessions() -> None:
    """End sessions whose grace period is over; one job each, so that a slow one does not hold the others."""
    now = timezone.now()
    for session_id in {*condemn_expired(now=now), *list_stuck(now=now)}:
        # A job that waited this long was queued again as stuck.
        dispose_session.apply_async((session_id, "grace_expired"), expires=STUCK_AFTER_SECONDS)


@shared_task
def dispose_session(session_id: str, reason: str) -> None:
    """Condemn a session if it is still live, and dispose it."""
    disposal.end_session(session_id, reason)


@shared_task
def mark_lost_nodes() -> None:
    """Start the grace period of sessions whose node fell silent."""
    mark_lost_sessions(
        silent_seconds=settings.NODE_LOST_SECONDS,
        grace_seconds=settings.SESSION_GRACE_SECONDS,
        now=timezone.now(),
    )


@shared_task
def worker_heartbeat() -> None:
    """Show that jobs are being done."""
    blocking_redis().set(key("worker", "heartbeat"), time.time(), ex=HEARTBEAT_TTL_SECONDS)


@shared_task
def forget_old_history() -> None:
    """Delete what is older than HISTORY_DAYS, and revocations of tokens that expired by themselves."""
    forget_history(before=timezone.now() - timedelta(days=settings.HISTORY_DAYS))
    forget_expired_tokens()


@shared_task
def tell_owners(package_name: str, command: str, user_pk: int | None = None) -> None:
    """Have the owners of sessions with an app, of one user or of all, carry out a command (its JSON)."""
    owners = find_owners_of_app(package_name, user_pk)
    if owners:
        tell_from_outside(owners, load_command(command.encode()))


@shared_task
def tell_owner_of_user(user_pk: int, command: str) -> None:
    """Have the owner of a user's live session carry out a command (its JSON)."""
    owners = find_owner_of_user(user_pk)
    if owners:
        tell_from_outside(owners, load_command(command.encode()))


def dispose_all(reason: str = "shutdown") -> int:
    """End every live session here and now; for a machine whose nodes are stopped. Returns how many."""
    return disposal.end_all_sessions(reason)
