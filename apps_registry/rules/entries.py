"""Checks of developer-written entries, one field at a time, with messages that name entry and field."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from accounts.rules import json_size
from apps_registry.errors import EntryError, RegistryError

MAX_ENTRIES = 200
MAX_ENTRIES_BYTES = 131_072


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What one field of an entry must be; `expected` completes the sentence "must be …"."""

    name: str
    accepts: Callable[[Any], bool]
    expected: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a list something stands: as people say it, and the way to it (index from 0, then field names)."""

    name: str
    place: tuple[int | str, ...]

    def inside(self, name: str, *steps: int | str) -> "Spot":
        """Return a spot within this one."""
        return Spot(f"{self.name}, {name}", (*self.place, *steps))


def read_entries(field: str, value: object) -> list[dict[str, Any]]:
    """Return `value` as a list of objects without nulls (null and absent are alike); raise RegistryError."""
    if not isinstance(value, list | tuple):
        raise RegistryError(field, f"{field} must be a list.")
    if len(value) > MAX_ENTRIES:
        raise RegistryError(field, f"{field} has {len(value)} entries; {MAX_ENTRIES} are allowed.")
    for index, entry in enumerate(value):
        if not isinstance(entry, Mapping):
            message = f"{field} entry {index + 1} must be an object."
            raise EntryError(field, message, place=(index,), detail="This must be an object.")
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


def problem_at(field: str, spot: Spot, detail: str) -> EntryError:
    """Return the problem that a sentence tells about a spot."""
    return EntryError(field, f"{spot.name}: {detail}", place=spot.place, detail=detail)


def problems_in_entry(
    field: str, spot: Spot, entry: Mapping[str, Any], rules: Iterable[FieldRule]
) -> Iterator[EntryError]:
    """Yield a problem for each field of `entry` that breaks its rule."""
    for rule in rules:
        message = f'{spot.name}: "{rule.name}" must be {rule.expected}.'
        if rule.name not in entry:
            message = f'{spot.name}: "{rule.name}" is missing; it must be {rule.expected}.'
            if not rule.required:
                continue
        elif rule.accepts(entry[rule.name]):
            continue
        place = (*spot.place, rule.name)
        yield EntryError(field, message, place=place, detail=f"This must be {rule.expected}.")


def raise_first(problems: Iterable[RegistryError]) -> None:
    """Raise the first of `problems`, if there is one."""
    for problem in problems:
        raise problem


def list_problems(
    field: str, value: object, find: Callable[[list[dict[str, Any]]], Iterable[RegistryError]]
) -> list[RegistryError]:
    """Return everything that `find` says about `value`, or why it is no list of entries at all."""
    try:
        entries = read_entries(field, value)
    except RegistryError as error:
        return [error]
    return list(find(entries))


def is_text(value: object) -> bool:
    """Say whether `value` is a text, the empty one included."""
    return isinstance(value, str)


def is_name(value: object) -> TypeGuard[str]:
    """Say whether `value` is a text that says something."""
    return isinstance(value, str) and bool(value.strip())


def is_bool(value: object) -> bool:
    """Say whether `value` is true or false."""
    return isinstance(value, bool)


def is_number(value: object) -> TypeGuard[int | float]:
    """Say whether `value` is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_list(value: object) -> bool:
    """Say whether `value` is a list."""
    return isinstance(value, list)


def is_text_list(value: object) -> bool:
    """Say whether `value` is a list of texts."""
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
