"""People, organizations, invitations, keys, withdrawn tokens, and who did what. Knows nothing of apps or sessions."""

from accounts.models.audit_entry import AuditEntry
from accounts.models.cli_key import CliKey
from accounts.models.invitation import Invitation
from accounts.models.organization import ROLES, Membership, Organization
from accounts.models.own_data import DataExport, DeletionRequest, Departure
from accounts.models.revoked_token import RevokedToken
from accounts.models.user import MAX_NAME_CHARACTERS, User, UserAccounts

__all__ = [
    "MAX_NAME_CHARACTERS",
    "ROLES",
    "AuditEntry",
    "CliKey",
    "DataExport",
    "DeletionRequest",
    "Departure",
    "Invitation",
    "Membership",
    "Organization",
    "RevokedToken",
    "User",
    "UserAccounts",
]
