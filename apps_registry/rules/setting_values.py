"""Whether a value a user chose fits what the developer defined.

Pure; the types are those of streams-and-permissions §7.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from apps_registry.errors import SettingRefused
from apps_registry.rules.entries import is_bool, is_number, is_text

DAY_SECONDS = 24 * 60 * 60
Definition = Mapping[str, Any]


def check_setting_values(definitions: Iterable[Definition], values: Iterable[Mapping[str, Any]]) -> None:
    """Raise SettingRefused for the first value that does not fit the definition of its key.

    Null goes back to the default. A key without definition is kept as it is: an older phone may know settings that
    this version of an app lacks.
    """
    defined = {entry["key"]: entry for entry in definitions if "key" in entry}
    for entry in values:
        key, value = entry["key"], entry["value"]
        problem = _problem(defined.get(key), value) if value is not None else ""
        if problem:
            raise SettingRefused(key, f'"{key}" {problem}')


def usable_values(definitions: Iterable[Definition], values: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return by key what was chosen and still fits: a developer may have changed the definition since."""
    defined = {entry["key"]: entry for entry in definitions if "key" in entry}
    chosen = {entry["key"]: entry["value"] for entry in values if entry.get("value") is not None}
    return {key: value for key, value in chosen.items() if not _problem(defined.get(key), value)}


def _problem(definition: Definition | None, value: object) -> str:
    check = _CHECKS.get(definition.get("type", "")) if definition is not None else None
    return check(definition or {}, value) if check is not None else ""


def _toggle(definition: Definition, value: object) -> str:
    return "" if is_bool(value) else "must be true or false."


def _text(definition: Definition, value: object) -> str:
    return "" if is_text(value) else "must be a text."


def _choice(definition: Definition, value: object) -> str:
    return "" if _is_offered(definition, value) else "must be the value of one of its options."


def _choices(definition: Definition, value: object) -> str:
    if not isinstance(value, list) or not all(_is_offered(definition, one) for one in value):
        return "must be a list of values of its options."
    repeated = any(_is_same(one, other) for place, one in enumerate(value) for other in value[:place])
    return "must name each option once at most." if repeated else ""


def _number(definition: Definition, value: object) -> str:
    if not is_number(value):
        return "must be a number."
    low, high = definition.get("min"), definition.get("max")
    if low is not None and value < low:
        return f"must be at least {low}."
    if high is not None and value > high:
        return f"must be at most {high}."
    return ""


def _time(definition: Definition, value: object) -> str:
    is_time = is_number(value) and 0 <= value <= DAY_SECONDS
    return "" if is_time else f"must be seconds since midnight, 0 to {DAY_SECONDS}."


def _shown(definition: Definition, value: object) -> str:
    return "is only shown and cannot be set."


def _is_offered(definition: Definition, value: object) -> bool:
    return any(_is_same(option.get("value"), value) for option in definition["options"])


def _is_same(one: object, other: object) -> bool:
    """Compare as JSON does: true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


_CHECKS: Mapping[str, Callable[[Definition, Any], str]] = {
    "toggle": _toggle,
    "text": _text,
    "text_no_save_button": _text,
    "select": _choice,
    "select_with_search": _choice,
    "multiselect": _choices,
    "slider": _number,
    "numeric_input": _number,
    "time_picker": _time,
    "group": _shown,
    "titleValue": _shown,
}
