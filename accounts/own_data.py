"""What this room holds about a person, for the copy they may ask for. Secrets are left out: they are no data."""

from typing import Any

from django.db.models import Q

from accounts.models import AuditEntry, Invitation, User
from accounts.rules.own_data import merge_privacy

Section = list[dict[str, Any]]


def sections_of(user: User) -> dict[str, Section]:
    """Return what is held, by section."""
    done = AuditEntry.objects.filter(Q(actor=user) | Q(target_type="accounts.user", target_id=str(user.pk)))
    invited = Invitation.objects.filter(email=user.email).select_related("organization").order_by("pk")
    return {
        "account": [
            {
                "id": str(user.pk),
                "email": user.email,
                "name": user.name,
                "profile": user.profile,
                "privacy": merge_privacy(user.privacy, {}),
                "createdAt": user.created_at,
                "lastLogin": user.last_login,
            }
        ],
        "settings": [{"name": name, "value": value} for name, value in sorted(user.settings.items())],
        "organizations": [
            {"name": row.organization.name, "role": row.role, "joinedAt": row.created_at}
            for row in user.memberships.select_related("organization").order_by("pk")
        ],
        "invitations": [
            {"organization": row.organization.name, "invitedAt": row.invited_at} for row in invited
        ],
        "commandLineKeys": [
            {"name": key.name, "createdAt": key.created_at} for key in user.cli_keys.order_by("pk")
        ],
        "actions": [
            {
                "action": row.action,
                "what": row.target_label,
                "before": row.before,
                "after": row.after,
                "at": row.at,
            }
            for row in done.order_by("pk")
        ],
    }
