"""The editor of what an app asks of people, and of the glasses it runs on."""

from collections.abc import Iterator, Mapping
from typing import Any

from apps_registry.errors import EntryError, RegistryError
from apps_registry.models import App
from apps_registry.rules import (
    HardwareLevel,
    HardwareType,
    PermissionType,
    Requirement,
    check_hardware,
    granted,
)
from apps_registry.rules.hardware import validate_hardware
from apps_registry.rules.permissions import validate_permissions
from apps_registry.services import AppChanges
from consoles.developer.access_words import HARDWARE, PERMISSIONS, USES
from consoles.developer.editors import Editor
from sessions_app.phone.capabilities import known_profiles
from sessions_app.protocol.streams import StreamName
from sessions_app.streams.rules import stream_permission

NO_GLASSES = "None"
READERS = {"permissions": validate_permissions, "hardwareRequirements": validate_hardware}


def _read(app: App) -> dict[str, Any]:
    requirements = app.hardware_requirements.values("type", "level", "description")
    return {
        "permissions": list(app.permissions.values("type", "description")),
        "hardwareRequirements": list(requirements),
    }


def _changes(document: Any) -> AppChanges:
    if not isinstance(document, Mapping) or not READERS.keys() <= document.keys():
        raise RegistryError("permissions", f"The document must hold the lists {' and '.join(READERS)}.")
    return {
        "permissions": document["permissions"],
        "hardware_requirements": document["hardwareRequirements"],
    }


def _find_problems(document: Any) -> Iterator[RegistryError]:
    parts = document if isinstance(document, Mapping) else {}
    for name, read in READERS.items():
        try:
            read(parts.get(name, ()))
        except EntryError as problem:
            place = (name, *problem.place)
            yield EntryError(problem.field, problem.message, place=place, detail=problem.detail)
        except RegistryError as problem:
            yield problem


def _facts(app: App) -> dict[str, Any]:
    return {
        "permissions": [_permission_facts(kind) for kind in PERMISSIONS],
        "hardware": [
            {"type": kind, "name": name, "symbol": symbol} for kind, (name, symbol) in HARDWARE.items()
        ],
        "models": [
            {"name": name, "lacks": [kind for kind in HARDWARE if _lacks(profile, kind)]}
            for name, profile in known_profiles().items()
            if name != NO_GLASSES
        ],
        "uses": USES,
    }


def _permission_facts(kind: PermissionType) -> dict[str, Any]:
    words, unlocked = PERMISSIONS[kind], granted([kind])
    return {
        "type": kind,
        "name": words.name,
        "symbol": words.symbol,
        "about": words.about,
        "example": words.example,
        "advice": words.advice,
        "isRare": words.is_rare,
        "streams": [stream for stream in StreamName if stream_permission(stream) in unlocked],
    }


def _lacks(profile: Mapping[str, Any], kind: HardwareType) -> bool:
    return not check_hardware([Requirement(kind, HardwareLevel.REQUIRED)], profile).is_compatible


PERMISSIONS_EDITOR = Editor(
    page="permissions",
    title="Permissions",
    read=_read,
    changes=_changes,
    find_problems=_find_problems,
    facts=_facts,
)
