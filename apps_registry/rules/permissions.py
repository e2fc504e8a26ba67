"""Permissions an app declares and what they unlock. Pure; the types are streams-and-permissions §1."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from apps_registry.errors import EntryError, RegistryError
from apps_registry.rules.entries import validate_text

FIELD = "permissions"
MAX_DESCRIPTION_CHARACTERS = 500


class PermissionType(StrEnum):
    """Every permission a developer may declare, the legacy ones included."""

    MICROPHONE = "MICROPHONE"
    LOCATION = "LOCATION"
    BACKGROUND_LOCATION = "BACKGROUND_LOCATION"
    CALENDAR = "CALENDAR"
    CAMERA = "CAMERA"
    READ_NOTIFICATIONS = "READ_NOTIFICATIONS"
    NOTIFICATIONS = "NOTIFICATIONS"
    POST_NOTIFICATIONS = "POST_NOTIFICATIONS"
    ALL = "ALL"


_STANDS_FOR: Mapping[str, frozenset[str]] = {
    PermissionType.NOTIFICATIONS: frozenset({PermissionType.READ_NOTIFICATIONS}),
    PermissionType.BACKGROUND_LOCATION: frozenset({PermissionType.LOCATION}),
    PermissionType.ALL: frozenset(PermissionType),
}


@dataclass(frozen=True, slots=True)
class DeclaredPermission:
    """A permission as the developer declared it, with the reason shown to users."""

    type: PermissionType
    description: str = ""


def validate_permissions(value: object) -> list[DeclaredPermission]:
    """Return the declared permissions, each once; entries are type names or `{"type", "description"?}`.

    Raises RegistryError naming the entry.
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise RegistryError(FIELD, "permissions must be a list.")
    declared = [_read_permission(index, entry) for index, entry in enumerate(value)]
    return list({permission.type: permission for permission in declared}.values())


def granted(types: Iterable[str]) -> frozenset[str]:
    """Return everything the declared `types` unlock, themselves included.

    Legacy names count as the names that replaced them, and ALL as every name; unknown names unlock nothing.
    """
    declared = frozenset(types)
    return declared.union(*(_STANDS_FOR.get(name, frozenset()) for name in declared))


def _read_permission(index: int, entry: object) -> DeclaredPermission:
    name = entry.get("type") if isinstance(entry, Mapping) else entry
    reason = (entry.get("description") if isinstance(entry, Mapping) else None) or ""
    try:
        kind = PermissionType(name.strip().upper() if isinstance(name, str) else "")
    except ValueError as error:
        detail = f"must be one of {', '.join(PermissionType)}."
        message = f"permissions entry {index + 1} {detail}"
        raise EntryError(FIELD, message, place=(index, "type"), detail=f"This {detail}") from error
    subject = f"The description of permission {kind}"
    try:
        return DeclaredPermission(kind, validate_text(FIELD, reason, MAX_DESCRIPTION_CHARACTERS, subject))
    except RegistryError as error:
        place = (index, "description")
        raise EntryError(FIELD, error.message, place=place, detail=error.message) from error
