"""Checks of developer-written entries, one field at a time, with messages that name entry and field."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.rules import json_size
from apps_registry.errors import RegistryError

MAX_ENTRIES = 200
MAX_ENTRIES_BYTES = 131_072


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What one field of an entry must be; `expected` completes the sentence "must be …"."""

    name: str
    accepts: Callable[[Any], bool]
    expected: str
    required: bool = False


def read_entries(field: str, value: object) -> list[dict[str, Any]]:
    """Return `value` as a list of objects without nulls (null and absent are alike); raise RegistryError."""
    if not isinstance(value, list | tuple):
        raise RegistryError(field, f"{field} must be a list.")
    if len(value) > MAX_ENTRIES:
        raise RegistryError(field, f"{field} has {len(value)} entries; {MAX_ENTRIES} are allowed.")
    for number, entry in enumerate(value, start=1):
        if not isinstance(entry, Mapping):
            raise RegistryError(field, f"{field} entry {number} must be an object.")
    check_storable(field, field, value, MAX_ENTRIES_BYTES)
    return [{key: part for key, part in entry.items() if part is not None} for entry in value]


def check_storable(field: str, subject: str, value: object, max_bytes: int) -> None:
    """Raise RegistryError about `subject` unless every database can keep `value` in `max_bytes` of JSON."""
    try:
        size = json_size(value)
    except ValueError as error:
        raise RegistryError(field, f"{subject} cannot be stored: {error}") from error
    if size > max_bytes:
        raise RegistryError(field, f"{subject} cannot be stored: it is larger than {max_bytes // 1024} KiB.")


def validate_text(field: str, value: object, max_characters: int, subject: str) -> str:
    """Return a stripped text every database can keep; raise RegistryError with a sentence about `subject`."""
    if not isinstance(value, str) or len(value) > max_characters:
        raise RegistryError(field, f"{subject} must be a text of at most {max_characters} characters.")
    check_storable(field, subject, value, MAX_ENTRIES_BYTES)
    return value.strip()


def check_entry(field: str, where: str, entry: Mapping[str, Any], rules: Iterable[FieldRule]) -> None:
    """Raise RegistryError for the first field of `entry` that breaks its rule; `where` names the entry."""
    for rule in rules:
        if rule.name not in entry:
            if rule.required:
                raise RegistryError(field, f'{where}: "{rule.name}" is missing; it must be {rule.expected}.')
        elif not rule.accepts(entry[rule.name]):
            raise RegistryError(field, f'{where}: "{rule.name}" must be {rule.expected}.')


def is_text(value: object) -> bool:
    """Say whether `value` is a text, the empty one included."""
    return isinstance(value, str)


def is_name(value: object) -> bool:
    """Say whether `value` is a text that says something."""
    return isinstance(value, str) and bool(value.strip())


def is_bool(value: object) -> bool:
    """Say whether `value` is true or false."""
    return isinstance(value, bool)


def is_number(value: object) -> bool:
    """Say whether `value` is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_list(value: object) -> bool:
    """Say whether `value` is a list."""
    return isinstance(value, list)


def is_text_list(value: object) -> bool:
    """Say whether `value` is a list of texts."""
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
