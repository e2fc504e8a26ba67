"""The audit log: services write here what developers and operators do."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from accounts.acting import current_actor
from accounts.models import AuditEntry, Organization

MOST_CHARACTERS = 254
NEVER_LOGGED = frozenset({"password", "secret", "webhook_secret", "token", "digest", "key", "api_key"})


def record(
    action: str,
    target: Model,
    *,
    organization: Organization | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Note that the acting person did `action` (`noun.verb`) to `target`; call it inside the transaction of the deed.

    `before` and `after` are fields by name, of which only those that differ are kept. `organization` is whose
    members may read the entry. Raises ValueError for the name of a secret: none may ever be kept here.
    """
    old, new = changes_of(before or {}, after or {})
    actor = current_actor()
    return AuditEntry.objects.create(
        actor_id=None if actor is None else actor.pk,
        actor_label="" if actor is None else actor.email,
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:MOST_CHARACTERS],
        organization=organization,
        before=old,
        after=new,
    )


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both mappings without the fields in which they agree; raise ValueError for the name of a secret."""
    secret = NEVER_LOGGED & (before.keys() | after.keys())
    if secret:
        raise ValueError(f"Never to be logged: {', '.join(sorted(secret))}")
    absent = object()
    old = {name: value for name, value in before.items() if after.get(name, absent) != value}
    new = {name: value for name, value in after.items() if before.get(name, absent) != value}
    return old, new
