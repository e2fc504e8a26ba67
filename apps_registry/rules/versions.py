"""What differs between two configs of an app, in words a person reads. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from apps_registry.rules.config import CONFIG_NAMES

LABELS: Mapping[str, str] = {
    "name": "Name",
    "description": "Description",
    "publicUrl": "Public URL",
    "webviewURL": "Webview URL",
    "logoURL": "Logo URL",
    "appType": "Type",
    "onboardingInstructions": "Onboarding",
    "permissions": "Permissions",
    "hardwareRequirements": "Hardware",
    "settings": "Settings",
    "tools": "Tools",
}
_CONTEXT_LINES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: `kind` is `added`, `removed`, `gap` or `same`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """How one field differs: its name in the config, its name for people, and the lines to show."""

    name: str
    label: str
    lines: tuple[Line, ...]


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names under which two configs differ, in the order of the file; what one lacks is empty in it."""
    return [name for name in CONFIG_NAMES.values() if (before.get(name) or "") != (after.get(name) or "")]


def describe_names(names: list[str]) -> str:
    """Return names of the config as people say them, for the middle of a sentence."""
    words = [LABELS.get(name, name) for name in names]
    words = [word if word.endswith("URL") else word.lower() for word in words]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words) or "nothing"


def compare_configs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """Return what makes `after` of `before`, field by field; equal fields are left out."""
    return [
        FieldChange(name, LABELS[name], _compare(before.get(name), after.get(name)))
        for name in changed_names(before, after)
    ]


def _compare(before: Any, after: Any) -> tuple[Line, ...]:
    lines = unified_diff(_text_lines(before), _text_lines(after), lineterm="", n=_CONTEXT_LINES)
    kinds = {"+": "added", "-": "removed", "@": "gap", " ": "same"}
    shown = [Line(kinds[line[0]], "" if line[0] == "@" else line[1:]) for line in list(lines)[2:]]
    return tuple(shown[1:])  # the first gap says only where the comparison begins


def _text_lines(value: Any) -> list[str]:
    if value in (None, "", []):
        return []
    if isinstance(value, str):
        return value.splitlines()
    return [line for entry in value for line in json.dumps(entry, indent=2, ensure_ascii=False).splitlines()]
