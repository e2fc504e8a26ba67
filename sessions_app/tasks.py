"""Background jobs: what beat's clock and other processes have a worker do. Each only calls a service.

Celery closes a thread's database connection around every task, so none lives longer than its task.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import RedisError

from accounts.services import forget_expired_tokens, forget_exports
from apps_registry.services import forget_orphaned_pictures, forget_webview_tokens
from sessions_app.app_runs.health_checks import check_due_servers
from sessions_app.database import DATABASE_AWAY
from sessions_app.incidents.attachments import forget_incidents
from sessions_app.incidents.collecting import complete
from sessions_app.incidents.services import list_waiting
from sessions_app.inspection.services import forget_inspected
from sessions_app.lifecycle import disposal
from sessions_app.lifecycle.condemning import STUCK_AFTER_SECONDS, condemn_expired, list_stuck
from sessions_app.lifecycle.liveness import mark_lost_sessions
from sessions_app.lifecycle.retention import forget_history
from sessions_app.media.awaiting import forget_awaited
from sessions_app.media.glasses_gallery import forget_expired_items
from sessions_app.media.photo_store import forget_expired_photos
from sessions_app.media_servers.of_phones import remove_idle_inputs
from sessions_app.messaging.news import news_of_departure
from sessions_app.messaging.services import end_memberships
from sessions_app.models import Incident
from sessions_app.outages import Outage, database_outage, redis_outage
from sessions_app.outbound.announcing import tell_from_outside, tell_nodes
from sessions_app.outbound.commands import load_command
from sessions_app.outbound.redis import blocking_redis, key
from sessions_app.people import exporting, leaving
from sessions_app.selectors import find_owner_of_user, find_owners_of_app
from sessions_app.speech.transcripts.services import forget_transcripts
from sessions_app.statistics.services import count_hours
from sessions_app.streaming.sweeping import sweep_inputs

HEARTBEAT_TTL_SECONDS = 30
# A report that is this old was left by the job that was queued with it; it waits in the queue no longer than that.
LEFT_ALONE = timedelta(seconds=15)
INCIDENT_SECONDS = 60
P = ParamSpec("P")
_FAILURES: dict[Outage, tuple[type[Exception], ...]] = {
    database_outage: DATABASE_AWAY,
    redis_outage: (RedisError, BrokerAway),
}


def _needs(*parts: Outage) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a job that is done again later give up in peace while a part is away."""
    failures = tuple(kind for part in parts for kind in _FAILURES[part])

    def decorate(job: Callable[P, None]) -> Callable[P, None]:
        @wraps(job)
        def patient(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                job(*args, **kwargs)
            except failures as problem:
                next(part for part in parts if isinstance(problem, _FAILURES[part])).seen(problem)
            else:
                for part in parts:
                    part.over()

        return patient

    return decorate


@shared_task
@_needs(database_outage, redis_outage)
def dispose_expired_sessions() -> None:
    """End sessions whose grace period is over; one job each, so that a slow one does not hold the others."""
    now = timezone.now()
    for session_id in {*condemn_expired(now=now), *list_stuck(now=now)}:
        # A job that waited this long was queued again as stuck.
        dispose_session.apply_async((session_id, "grace_expired"), expires=STUCK_AFTER_SECONDS)


@shared_task
@_needs(database_outage)
def dispose_session(session_id: str, reason: str) -> None:
    """Condemn a session if it is still live, and dispose it."""
    disposal.end_session(session_id, reason)


@shared_task
@_needs(database_outage)
def mark_lost_nodes() -> None:
    """Start the grace period of sessions whose node fell silent."""
    mark_lost_sessions(
        silent_seconds=settings.NODE_LOST_SECONDS,
        grace_seconds=settings.SESSION_GRACE_SECONDS,
        now=timezone.now(),
    )


@shared_task
@_needs(database_outage, redis_outage)
def end_room_memberships() -> None:
    """Take those out of the rooms of apps whose app session ended where nobody could do it, and tell the others."""
    now = timezone.now()
    for change in end_memberships():
        tell_nodes(news_of_departure(change, now))


@shared_task
@_needs(database_outage, redis_outage)
def collect_incident(incident_id: str) -> None:
    """Gather logs for a report, and read those that were brought."""
    complete(incident_id)


@shared_task
@_needs(database_outage, redis_outage)
def collect_incidents() -> None:
    """Take up the reports that no worker completed: their jobs were lost, or an owner did not answer."""
    for incident_id in list_waiting(before=timezone.now() - LEFT_ALONE):
        collect_incident.apply_async((incident_id,), expires=INCIDENT_SECONDS)


def hand_incident_to_worker(incident: Incident) -> None:
    """Have a worker complete a report; with no broker, it is found when there is one."""
    try:
        collect_incident.apply_async((str(incident.pk),), retry=False)
    except (BrokerAway, RedisError, OSError) as problem:
        redis_outage.seen(problem)


@shared_task
@_needs(redis_outage)
def worker_heartbeat() -> None:
    """Show that jobs are being done."""
    blocking_redis().set(key("worker", "heartbeat"), time.time(), ex=HEARTBEAT_TTL_SECONDS)


@shared_task
@_needs(database_outage)
def forget_old_history() -> None:
    """Delete what is older than its setting says, tokens and photos that expired, and orphans."""
    now = timezone.now()
    forget_transcripts(before=now - timedelta(days=settings.TRANSCRIPT_RETENTION_DAYS))
    forget_history(before=now - timedelta(days=settings.HISTORY_DAYS))
    forget_inspected(before=now - timedelta(hours=settings.INSPECTOR_HOURS))
    forget_expired_tokens()
    forget_exports()
    leaving.delete_waiting()
    for export_id in exporting.list_unmade():
        exporting.make_export(export_id)
    forget_webview_tokens()
    forget_orphaned_pictures()
    forget_expired_photos(now=now)
    forget_awaited(now=now)
    forget_expired_items(now=now)
    forget_incidents(before=now - timedelta(days=settings.INCIDENT_RETENTION_DAYS))


@shared_task
@_needs(database_outage)
def remove_idle_live_inputs() -> None:
    """End what phones asked the media server for and do not use."""
    remove_idle_inputs(now=timezone.now())


@shared_task
@_needs(database_outage)
def sweep_live_streams() -> None:
    """End what the media server holds for streams of sessions that are over."""
    sweep_inputs(now=timezone.now())


@shared_task
@_needs(database_outage)
def count_hours_of_apps() -> None:
    """Bring the numbers behind the charts up to date."""
    count_hours(now=timezone.now())


@shared_task
@_needs(database_outage)
def check_app_servers() -> None:
    """Ask the servers of apps whose turn it is whether they are there."""
    check_due_servers()


@shared_task
@_needs(database_outage)
def delete_account(user_pk: int) -> None:
    """Delete the account of somebody who confirmed it; what cannot be deleted now is taken up again each hour."""
    leaving.delete_account(user_pk)


@shared_task
@_needs(database_outage)
def make_export(export_id: str) -> None:
    """Make the copy of their data that somebody asked for."""
    exporting.make_export(UUID(export_id))


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


def dispose_all(reason: str = "shutdown", *, owners_are_gone: bool = False) -> int:
    """End every live session here and now; for a machine that stops. Returns how many."""
    return disposal.end_all_sessions(reason, owners_are_gone=owners_are_gone)
