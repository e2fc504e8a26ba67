"""What the audit log holds."""

from accounts.models import AuditEntry


def deeds() -> list[str]:
    """Return the actions recorded, oldest first."""
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def last_deed() -> AuditEntry:
    """Return the newest entry."""
    return AuditEntry.objects.latest("pk")
