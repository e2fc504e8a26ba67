"""The fields an audit entry changed, as lines to read. Pure: no Django, no database."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

MOST_LINES = 200
CONTEXT_LINES = 2


class LineKind(StrEnum):
    """What became of a line."""

    REMOVED = "removed"
    ADDED = "added"
    KEPT = "kept"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a value, or of how many unchanged ones are left out."""

    kind: LineKind
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field and how it changed."""

    name: str
    lines: tuple[Line, ...]


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """Return every field of either mapping, those of `before` first; at most 200 lines each."""
    names = [*before, *(name for name in after if name not in before)]
    return [FieldChange(name.replace("_", " "), _bounded(_compare(name, before, after))) for name in names]


def _compare(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Line]:
    old = _text_of(before[name]) if name in before else []
    new = _text_of(after[name]) if name in after else []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield from _shortened(old[old_from:old_to])
        else:
            yield from (Line(LineKind.REMOVED, text) for text in old[old_from:old_to])
            yield from (Line(LineKind.ADDED, text) for text in new[new_from:new_to])


def _text_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.splitlines() or ["(empty)"]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if value is None or value in ([], {}):
        return ["(none)"]
    if isinstance(value, dict) and not any(isinstance(part, dict | list) for part in value.values()):
        return [f"{name}: {part}" if part != "" else name for name, part in value.items()]
    if isinstance(value, list) and not any(isinstance(part, dict | list) for part in value):
        return [str(part) for part in value]
    return json.dumps(value, indent=2, ensure_ascii=False).splitlines()


def _shortened(lines: list[str]) -> Iterator[Line]:
    hidden = len(lines) - 2 * CONTEXT_LINES
    if hidden <= 1:
        yield from (Line(LineKind.KEPT, text) for text in lines)
        return
    yield from (Line(LineKind.KEPT, text) for text in lines[:CONTEXT_LINES])
    yield Line(LineKind.SKIPPED, f"… {hidden} lines as before")
    yield from (Line(LineKind.KEPT, text) for text in lines[-CONTEXT_LINES:])


def _bounded(lines: Iterator[Line]) -> tuple[Line, ...]:
    shown = tuple(lines)
    if len(shown) <= MOST_LINES:
        return shown
    return (*shown[:MOST_LINES], Line(LineKind.SKIPPED, f"… {len(shown) - MOST_LINES} more lines"))
