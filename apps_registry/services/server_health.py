"""Remembering whether the servers of apps take calls."""

from django.db import transaction
from django.utils import timezone

from apps_registry.models import App, ServerHealth
from apps_registry.rules.server_health import Health, next_health


@transaction.atomic
def note_server_health(
    *, app_id: int, url: str, answered: bool, problem: str = "", at_once: bool = False
) -> None:
    """Remember how the server of an app at `url` answered just now; an app that is gone needs no memory."""
    if not App.objects.filter(pk=app_id).exists():
        return
    known = ServerHealth.objects.select_for_update().filter(app=app_id, url=url).first()
    before = None if known is None else Health(known.failures, known.is_online)
    after, now = next_health(before, answered, at_once=at_once), timezone.now()
    is_same = before is not None and before.is_online == after.is_online
    ServerHealth.objects.update_or_create(
        app_id=app_id,
        defaults={
            "url": url,
            "is_online": after.is_online,
            "failures": after.failures,
            "problem": problem[:300],
            "since": known.since if known is not None and is_same else now,
            "checked_at": now,
        },
    )
