"""App settings: what a developer may define, and how a user's values are laid over it.

Pure; the table of types is streams-and-permissions §7.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from apps_registry.errors import EntryError, RegistryError
from apps_registry.rules.entries import (
    FieldRule,
    Spot,
    check_storable,
    is_bool,
    is_list,
    is_name,
    is_number,
    is_text,
    list_problems,
    problem_at,
    problems_in_entry,
    raise_first,
    read_entries,
)
from apps_registry.rules.setting_values import usable_values

FIELD = "settings"
MAX_VALUES = 500
MAX_VALUES_BYTES = 65_536
MAX_KEY_CHARACTERS = 200


def _is_line_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


_LABEL = FieldRule("label", is_text, "a text", required=True)
_KEY = FieldRule("key", is_name, "a text that is not empty", required=True)
_OPTIONS = FieldRule("options", is_list, 'a list of {"label": text, "value": …}', required=True)
_TEXT_DEFAULT = FieldRule("defaultValue", is_text, "a text")
_NUMBER_DEFAULT = FieldRule("defaultValue", is_number, "a number")

_OPTION = (_LABEL, FieldRule("value", lambda value: True, "a value", required=True))

_KEYED = (_KEY, _LABEL)
_RULES: Mapping[str, tuple[FieldRule, ...]] = {
    "toggle": (*_KEYED, FieldRule("defaultValue", is_bool, "true or false", required=True)),
    "text": (*_KEYED, _TEXT_DEFAULT),
    "text_no_save_button": (
        *_KEYED,
        _TEXT_DEFAULT,
        FieldRule("maxLines", _is_line_count, "a whole number above 0"),
    ),
    "select": (*_KEYED, _OPTIONS),
    "select_with_search": (*_KEYED, _OPTIONS),
    "multiselect": (*_KEYED, _OPTIONS, FieldRule("defaultValue", is_list, "a list")),
    "slider": (
        *_KEYED,
        FieldRule("min", is_number, "a number", required=True),
        FieldRule("max", is_number, "a number", required=True),
        _NUMBER_DEFAULT,
    ),
    "numeric_input": (
        *_KEYED,
        FieldRule("min", is_number, "a number"),
        FieldRule("max", is_number, "a number"),
        FieldRule("step", is_number, "a number"),
        FieldRule("placeholder", is_text, "a text"),
        _NUMBER_DEFAULT,
    ),
    "time_picker": (*_KEYED, FieldRule("showSeconds", is_bool, "true or false"), _NUMBER_DEFAULT),
    "group": (FieldRule("title", is_text, "a text", required=True),),
    "titleValue": (_LABEL, FieldRule("value", lambda value: True, "anything but null", required=True)),
}
SETTING_TYPES = tuple(_RULES)


def validate_settings_definitions(value: object) -> list[dict[str, Any]]:
    """Return the definitions as they are stored and sent: a slider without default gets its minimum.

    Raises RegistryError naming the entry and its field. What passes is accepted by every SDK.
    """
    entries = read_entries(FIELD, value)
    raise_first(_find_problems(entries))
    for entry in entries:
        if entry["type"] == "slider":
            entry.setdefault("defaultValue", entry["min"])
    return entries


def settings_problems(value: object) -> list[RegistryError]:
    """Return everything that keeps `value` from being stored, in its order."""
    return list_problems(FIELD, value, _find_problems)


def build_config(name: str, description: str, version: str, definitions: object) -> dict[str, Any] | None:
    """Return the `config` of an app's ack (app-socket §3.3), or None when the definitions break the rules."""
    try:
        settings = validate_settings_definitions(definitions)
    except RegistryError:
        return None
    return {"name": name, "description": description, "version": version, "settings": settings}


def merge_settings(
    definitions: Sequence[Mapping[str, Any]], values: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the `settings` array of acks and `settings_update`: each definition with its `value`.

    `values` is the user's `[{"key", "value"}]`. A setting the user never touched, or whose value does not fit any
    more, has its default, or no `value` when the developer gave none. Entries without a key (headings) are left
    out; values of unknown keys follow as bare `{"key", "value"}`.
    """
    chosen = usable_values(definitions, values)
    merged: list[dict[str, Any]] = []
    for definition in definitions:
        if "key" in definition:
            value = chosen.pop(definition["key"], definition.get("defaultValue"))
            merged.append({**definition} if value is None else {**definition, "value": value})
    return [*merged, *({"key": key, "value": value} for key, value in chosen.items())]


def selected_settings(
    definitions: Sequence[Mapping[str, Any]], values: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the definitions in their order, headings included; each that has a key says what is `selected`.

    That is what the user chose, else the default, else null (rest §4.1).
    """
    chosen = usable_values(definitions, values)
    return [
        {**entry, "selected": chosen.get(entry["key"], entry.get("defaultValue"))}
        if "key" in entry
        else {**entry}
        for entry in definitions
    ]


def read_setting_values(value: object) -> list[dict[str, Any]]:
    """Return values a phone sent, one object or a list, as `[{"key", "value"}]`; raise RegistryError.

    Whether they fit the definitions, check_setting_values says.
    """
    entries = [value] if isinstance(value, Mapping) else value
    if not isinstance(entries, list) or len(entries) > MAX_VALUES:
        wanted = f'at most {MAX_VALUES} {{"key", "value"}} objects'
        raise RegistryError(FIELD, f"Settings must be a list of {wanted}.")
    for number, entry in enumerate(entries, start=1):
        key = entry.get("key") if isinstance(entry, Mapping) else None
        if not isinstance(key, str) or not 0 < len(key) <= MAX_KEY_CHARACTERS:
            raise RegistryError(FIELD, f'settings entry {number} must be an object with a text "key".')
    return [{"key": entry["key"], "value": entry.get("value")} for entry in entries]


def apply_setting_values(
    stored: Iterable[Mapping[str, Any]], changes: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the values to store after `changes`: later entries win, keys that are not named stay."""
    by_key = {entry["key"]: entry["value"] for entry in (*stored, *changes)}
    merged = [{"key": key, "value": value} for key, value in by_key.items()]
    if len(merged) > MAX_VALUES:
        raise RegistryError(FIELD, f"An app can keep at most {MAX_VALUES} settings for a user.")
    check_storable(FIELD, FIELD, merged, MAX_VALUES_BYTES)
    return merged


def _find_problems(entries: list[dict[str, Any]]) -> Iterator[EntryError]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        spot = Spot(_name(index + 1, entry), (index,))
        yield from _find_in_definition(spot, entry)
        if is_name(key := entry.get("key")):
            if key in seen:
                detail = f'the key "{key}" stands in an earlier entry.'
                yield problem_at(FIELD, Spot(spot.name, (index, "key")), detail)
            seen.add(key)


def _find_in_definition(spot: Spot, entry: Mapping[str, Any]) -> Iterator[EntryError]:
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in _RULES:
        known = ", ".join(SETTING_TYPES)
        message, detail = f'{spot.name}: "type" must be one of {known}.', f"This must be one of {known}."
        yield EntryError(FIELD, message, place=(*spot.place, "type"), detail=detail)
        return
    yield from problems_in_entry(FIELD, spot, entry, _RULES[kind])
    if "options" in entry and _OPTIONS in _RULES[kind]:
        yield from _find_in_options(spot, entry["options"])
    low, high = entry.get("min"), entry.get("max")
    if kind in ("slider", "numeric_input") and is_number(low) and is_number(high) and low > high:
        yield problem_at(FIELD, Spot(spot.name, (*spot.place, "min")), '"min" must not be above "max".')


def _find_in_options(spot: Spot, options: object) -> Iterator[EntryError]:
    for index, option in enumerate(options if isinstance(options, list) else []):
        here = spot.inside(f'"options" entry {index + 1}', "options", index)
        if isinstance(option, Mapping):
            yield from problems_in_entry(FIELD, here, option, _OPTION)
        else:
            yield problem_at(FIELD, here, 'must be {"label": text, "value": …}.')


def _name(number: int, entry: Mapping[str, Any]) -> str:
    name = next((entry[field] for field in ("key", "title", "label") if is_name(entry.get(field))), None)
    return f'settings entry {number} ("{name[:60]}")' if name else f"settings entry {number}"
