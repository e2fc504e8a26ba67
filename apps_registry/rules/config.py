"""What `app_config.json` says of an app: everything its developers decide about it, and no secret. Pure.

The names are those of rest §10 and streams-and-permissions §7 and §8.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from apps_registry.errors import RegistryError
from apps_registry.rules.details import read_details
from apps_registry.rules.settings import settings_problems
from apps_registry.rules.tools import tools_problems

# Name in the file by name in the model, in the order in which a file and a comparison list them.
CONFIG_NAMES: Mapping[str, str] = {
    "name": "name",
    "description": "description",
    "public_url": "publicUrl",
    "webview_url": "webviewURL",
    "logo_url": "logoURL",
    "app_type": "appType",
    "onboarding_instructions": "onboardingInstructions",
    "permissions": "permissions",
    "hardware_requirements": "hardwareRequirements",
    "settings_definitions": "settings",
    "tools": "tools",
}
PACKAGE = "packageName"
_FIELDS = {name: field for field, name in CONFIG_NAMES.items()}
# Those that tell of every entry, not only of the first bad one.
_FINDERS: Mapping[str, Callable[[Any], list[RegistryError]]] = {
    "settings_definitions": settings_problems,
    "tools": tools_problems,
}
_LISTS = ("permissions", "hardware_requirements", "settings_definitions", "tools")
# In files that other clouds and the command line tool export; it says nothing an app is registered with.
_PASSED_OVER = frozenset(
    {
        *("_id", "id", "organizationId", "developerId", "hashedApiKey", "createdAt", "updatedAt"),
        *("appStoreStatus", "verificationStatus", "version", "previewImages", "isPublic", "visibility"),
        *("sharedWithEmails", "uninstallable", "$schema"),
    }
)


def config_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config that holds `fields` (model names; lists may be of dataclasses), in the file's order."""
    return {
        name: _plain(fields[field], field) if field in _LISTS else str(fields[field])
        for field, name in CONFIG_NAMES.items()
        if field in fields
    }


def read_config(config: object) -> tuple[dict[str, Any], list[RegistryError], list[str]]:
    """Read a config: the details it holds by model name, every problem, and the names that mean nothing here.

    What it does not name stays as it is. A config that is no object is one problem with the field `config`.
    """
    if not isinstance(config, Mapping):
        return {}, [RegistryError("config", "The file must hold one JSON object.")], []
    details: dict[str, Any] = {}
    problems: list[RegistryError] = []
    for name, value in config.items():
        if name not in _FIELDS:
            continue
        field = _FIELDS[name]
        found = _problems_of(field, value)
        problems += found
        if not found:
            details[field] = value
    known = {*_FIELDS, *_PASSED_OVER, PACKAGE}
    return details, problems, sorted(str(name) for name in config.keys() - known)


def _problems_of(field: str, value: Any) -> list[RegistryError]:
    if field in _FINDERS:
        return _FINDERS[field](value)
    try:
        read_details({field: value})
    except RegistryError as problem:
        return [problem]
    return []


def _plain(entries: Iterable[Any], field: str) -> list[dict[str, Any]]:
    plain = [asdict(entry) if is_dataclass(entry) else dict(entry) for entry in entries]  # type: ignore[arg-type]
    if field in ("permissions", "hardware_requirements"):
        return [{key: str(value) for key, value in entry.items() if value != ""} for entry in plain]
    return plain
