"""People, their organizations, withdrawn tokens, and who did what. Knows nothing of apps, sessions or sockets."""

from accounts.models.audit_entry import AuditEntry
from accounts.models.organization import ROLES, Membership, Organization
from accounts.models.revoked_token import RevokedToken
from accounts.models.user import MAX_NAME_CHARACTERS, User, UserAccounts

__all__ = [
    "MAX_NAME_CHARACTERS",
    "ROLES",
    "AuditEntry",
    "Membership",
    "Organization",
    "RevokedToken",
    "User",
    "UserAccounts",
]
