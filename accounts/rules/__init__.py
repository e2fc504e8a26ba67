"""Pure decisions about people: addresses, roles, user settings. Knows no database, request or socket."""

from accounts.rules.addresses import MAX_EMAIL_CHARACTERS, is_admin_address, normalize_email, read_email
from accounts.rules.roles import ROLES_WITH, Right, Role
from accounts.rules.user_settings import (
    DEFAULT_USER_SETTINGS,
    MAX_USER_SETTINGS_BYTES,
    apply_user_settings,
    json_size,
    legacy_user_settings,
    read_user_settings_changes,
    to_camel_case,
    to_snake_case,
)

__all__ = [
    "DEFAULT_USER_SETTINGS",
    "MAX_EMAIL_CHARACTERS",
    "MAX_USER_SETTINGS_BYTES",
    "ROLES_WITH",
    "Right",
    "Role",
    "apply_user_settings",
    "is_admin_address",
    "json_size",
    "legacy_user_settings",
    "normalize_email",
    "read_email",
    "read_user_settings_changes",
    "to_camel_case",
    "to_snake_case",
]
