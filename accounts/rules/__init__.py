"""Pure decisions about people, organizations, invitations and keys. Knows no database, request or socket."""

from accounts.rules.addresses import MAX_EMAIL_CHARACTERS, is_admin_address, normalize_email, read_email
from accounts.rules.cli_keys import MAX_KEY_NAME_CHARACTERS, check_room, expiry_of_key, read_key_name
from accounts.rules.digests import digest_of
from accounts.rules.invitations import (
    INVITATION_LIFE,
    INVITATION_WINDOW,
    check_acceptance,
    check_another_mail,
    check_window,
    new_invitation_token,
)
from accounts.rules.organizations import (
    MAX_SLUG_CHARACTERS,
    MAX_WEBSITE_CHARACTERS,
    read_organization,
)
from accounts.rules.roles import (
    ROLES_WITH,
    Right,
    Role,
    check_leaving,
    check_removal,
    check_role_change,
    demand,
    from_wire_role,
    has_right,
    read_role,
    roles_given_by,
    to_wire_role,
)
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
    "INVITATION_LIFE",
    "MAX_EMAIL_CHARACTERS",
    "MAX_KEY_NAME_CHARACTERS",
    "MAX_SLUG_CHARACTERS",
    "MAX_USER_SETTINGS_BYTES",
    "MAX_WEBSITE_CHARACTERS",
    "ROLES_WITH",
    "Right",
    "Role",
    "INVITATION_WINDOW",
    "apply_user_settings",
    "check_acceptance",
    "check_another_mail",
    "check_leaving",
    "check_removal",
    "check_role_change",
    "check_room",
    "check_window",
    "demand",
    "digest_of",
    "expiry_of_key",
    "from_wire_role",
    "has_right",
    "is_admin_address",
    "json_size",
    "legacy_user_settings",
    "new_invitation_token",
    "normalize_email",
    "read_email",
    "read_key_name",
    "read_organization",
    "read_role",
    "read_user_settings_changes",
    "roles_given_by",
    "to_camel_case",
    "to_snake_case",
    "to_wire_role",
]
