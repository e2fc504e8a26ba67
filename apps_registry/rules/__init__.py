"""Decisions of the catalogue. Pure: no Django, no database, no network."""

from apps_registry.rules.addresses import is_public_address
from apps_registry.rules.apps import (
    FAILED_DAYS_TO_RETIREMENT,
    AppType,
    StoreStatus,
    VerificationStatus,
    is_package_name,
    name_from_package,
    refuse_install,
    validate_package_name,
)
from apps_registry.rules.config import config_of, read_config
from apps_registry.rules.details import read_details
from apps_registry.rules.hardware import (
    Compatibility,
    HardwareLevel,
    HardwareType,
    Requirement,
    check_hardware,
)
from apps_registry.rules.keys import (
    MOST_LIVE_KEYS,
    OVERLAPS,
    KeyState,
    hash_api_key,
    is_api_key,
    is_same_key,
    judge_key_state,
    key_prefix,
    new_api_key,
    new_webhook_secret,
    validate_key_name,
    validate_overlap,
)
from apps_registry.rules.package_names import first_free, suggest_package_name
from apps_registry.rules.permissions import (
    DeclaredPermission,
    PermissionType,
    granted,
)
from apps_registry.rules.review import ReviewEvent, find_lacks, next_status, read_notes
from apps_registry.rules.settings import (
    apply_setting_values,
    build_config,
    merge_settings,
    read_setting_values,
)
from apps_registry.rules.sharing import (
    ShareState,
    check_share,
    new_share_token,
    read_share_terms,
    share_state,
)
from apps_registry.rules.versions import FieldChange, changed_names, compare_configs, describe_names
from apps_registry.rules.webviews import (
    USER_TOKEN_LIFE,
    WEBVIEW_TOKEN_LIFE,
    Refusal,
    frontend_token,
    hash_with_key,
    is_address_of,
    judge_webview_token,
    new_webview_token,
)

__all__ = [
    "USER_TOKEN_LIFE",
    "WEBVIEW_TOKEN_LIFE",
    "Refusal",
    "frontend_token",
    "hash_with_key",
    "is_address_of",
    "judge_webview_token",
    "new_webview_token",
    "share_state",
    "read_share_terms",
    "new_share_token",
    "check_share",
    "ShareState",
    "suggest_package_name",
    "first_free",
    "read_notes",
    "next_status",
    "find_lacks",
    "ReviewEvent",
    "read_config",
    "describe_names",
    "config_of",
    "compare_configs",
    "changed_names",
    "FieldChange",
    "FAILED_DAYS_TO_RETIREMENT",
    "MOST_LIVE_KEYS",
    "OVERLAPS",
    "AppType",
    "Compatibility",
    "DeclaredPermission",
    "HardwareLevel",
    "HardwareType",
    "KeyState",
    "PermissionType",
    "Requirement",
    "StoreStatus",
    "VerificationStatus",
    "apply_setting_values",
    "build_config",
    "check_hardware",
    "granted",
    "hash_api_key",
    "is_api_key",
    "is_package_name",
    "is_public_address",
    "is_same_key",
    "judge_key_state",
    "key_prefix",
    "merge_settings",
    "name_from_package",
    "new_api_key",
    "new_webhook_secret",
    "read_details",
    "read_setting_values",
    "refuse_install",
    "validate_key_name",
    "validate_overlap",
    "validate_package_name",
]
