"""Rolling the secret that signs webhooks."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.limits import take_for_actor
from apps_registry.models import App
from apps_registry.rules import new_webhook_secret, validate_overlap
from apps_registry.signals import announce, webhook_secret_rolled

_NO_OVERLAP = timedelta(0)


def rotate_webhook_secret(*, app: App, overlap: timedelta = _NO_OVERLAP) -> str:
    """Give `app` a new webhook secret and return it: show it once.

    For `overlap` (none to a week) webhooks are signed with the old one as well; one that was older still signs nothing
    any more. Raises RegistryError for another overlap, TooManyRequests when the acting person made too many.
    """
    validate_overlap(overlap)
    take_for_actor("webhook_secret")
    with transaction.atomic():
        app.refresh_from_db(from_queryset=App.objects.select_for_update())
        until = None if overlap == _NO_OVERLAP else timezone.now() + overlap
        app.previous_webhook_secret = "" if until is None else app.webhook_secret
        app.previous_secret_until = until
        app.webhook_secret = new_webhook_secret()
        app.save(
            update_fields=["webhook_secret", "previous_webhook_secret", "previous_secret_until", "updated_at"]
        )
        after = {"old_until": until and until.isoformat()}
        record("webhook_secret.rotated", app, organization=app.organization, after=after)
        announce(webhook_secret_rolled, sender=App, app=app)
    return app.webhook_secret
