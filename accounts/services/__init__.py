"""Writes about people, one module per thing written. Each is one transaction; none knows of apps or sessions."""

from accounts.services.organizations import add_member, create_organization, ensure_default_organization
from accounts.services.people import (
    admit_user,
    get_or_create_user,
    make_operator,
    store_user_settings,
    trust_address,
    update_user_settings,
)
from accounts.services.tokens import forget_expired_tokens, restore_token, revoke_token

__all__ = [
    "add_member",
    "admit_user",
    "create_organization",
    "ensure_default_organization",
    "forget_expired_tokens",
    "get_or_create_user",
    "make_operator",
    "restore_token",
    "revoke_token",
    "store_user_settings",
    "trust_address",
    "update_user_settings",
]
