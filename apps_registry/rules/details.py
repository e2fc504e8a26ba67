"""Every field of an app by its model name, and the rule that reads it. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from apps_registry.rules.apps import (
    AppType,
    StoreStatus,
    VerificationStatus,
    validate_choice,
    validate_description,
    validate_instructions,
    validate_link,
    validate_name,
    validate_package_name,
    validate_public_url,
)
from apps_registry.rules.hardware import validate_hardware
from apps_registry.rules.permissions import validate_permissions
from apps_registry.rules.settings import validate_settings_definitions
from apps_registry.rules.tools import validate_tools

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "package_name": validate_package_name,
    "name": validate_name,
    "description": validate_description,
    "onboarding_instructions": validate_instructions,
    "public_url": validate_public_url,
    "webview_url": lambda value: validate_link("webview_url", value),
    "logo_url": lambda value: validate_link("logo_url", value),
    "app_type": lambda value: validate_choice("app_type", value, AppType),
    "store_status": lambda value: validate_choice("store_status", value, StoreStatus),
    "verification_status": lambda value: validate_choice("verification_status", value, VerificationStatus),
    "settings_definitions": validate_settings_definitions,
    "tools": validate_tools,
    "permissions": validate_permissions,
    "hardware_requirements": validate_hardware,
}


def read_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they are stored; fields without a rule pass. Raises RegistryError."""
    return {field: _READERS[field](value) if field in _READERS else value for field, value in details.items()}
