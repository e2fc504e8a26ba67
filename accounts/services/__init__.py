"""Writes about people, one module per thing written. Each is one transaction; none knows of apps or sessions."""

from accounts.services.cli_keys import make_cli_key, rename_cli_key, revoke_cli_key
from accounts.services.invitations import accept_invitation, invite, rescind_invitation, resend_invitation
from accounts.services.leaving import (
    confirm_deletion,
    delete_person,
    lock_out_for_good,
    request_deletion,
)
from accounts.services.members import add_member, change_role, leave_organization, remove_member
from accounts.services.organizations import (
    OrganizationChanges,
    choose_default_organization,
    create_organization,
    delete_organization,
    ensure_default_organization,
    update_organization,
)
from accounts.services.own_data import forget_exports, request_export, update_privacy, update_profile
from accounts.services.people import (
    admit_user,
    announce_lock_out,
    get_or_create_user,
    log_out_everywhere,
    make_operator,
    store_user_settings,
    trust_address,
    update_user_settings,
)
from accounts.services.tokens import forget_expired_tokens, restore_token, revoke_token

__all__ = [
    "OrganizationChanges",
    "accept_invitation",
    "add_member",
    "admit_user",
    "announce_lock_out",
    "change_role",
    "choose_default_organization",
    "create_organization",
    "delete_organization",
    "ensure_default_organization",
    "forget_expired_tokens",
    "get_or_create_user",
    "invite",
    "leave_organization",
    "make_cli_key",
    "log_out_everywhere",
    "make_operator",
    "restore_token",
    "remove_member",
    "rename_cli_key",
    "rescind_invitation",
    "resend_invitation",
    "revoke_cli_key",
    "revoke_token",
    "store_user_settings",
    "trust_address",
    "update_organization",
    "update_user_settings",
    "confirm_deletion",
    "delete_person",
    "lock_out_for_good",
    "request_deletion",
    "forget_exports",
    "request_export",
    "update_privacy",
    "update_profile",
]
