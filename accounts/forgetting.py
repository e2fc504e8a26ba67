"""Taking the address of somebody who left out of rows that speak of others or of the cloud."""

import json
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import AuditEntry, Invitation

NOBODY = "somebody who left"


def forget_address(email: str, user_pk: int) -> None:
    """Delete invitations to an address, and let audit entries say what was done without saying to or by whom."""
    Invitation.objects.filter(email=email).delete()
    own = AuditEntry.objects.filter(target_type="accounts.user", target_id=str(user_pk))
    own.update(target_label=NOBODY, before={}, after={})
    AuditEntry.objects.filter(actor_label=email).update(actor_label=NOBODY)
    for entry in mentioning(AuditEntry.objects.all(), email, "target_label", "before", "after"):
        entry.target_label = without(entry.target_label, email)
        entry.before, entry.after = without(entry.before, email), without(entry.after, email)
        entry.save(update_fields=["target_label", "before", "after"])


def mentioning(rows: QuerySet[Any], text: str, *fields: str) -> QuerySet[Any]:
    """Return those of the rows of which one of the fields, texts or JSON, holds `text`."""
    said = {f"{field}_said": Cast(field, TextField()) for field in fields}
    wanted = Q()
    for name in said:
        wanted |= Q(**{f"{name}__icontains": text}) | Q(**{f"{name}__icontains": json.dumps(text)[1:-1]})
    found: QuerySet[Any] = rows.annotate(**said).filter(wanted)
    return found


def without(value: Any, text: str) -> Any:
    """Return a JSON value in which `text` stands nowhere any more."""
    if isinstance(value, str):
        return value.replace(text, NOBODY)
    if isinstance(value, list):
        return [without(part, text) for part in value]
    if isinstance(value, dict):
        return {without(key, text): without(part, text) for key, part in value.items()}
    return value
