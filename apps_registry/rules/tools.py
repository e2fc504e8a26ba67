"""Tools: what an app offers to be called for. Pure; the shape is streams-and-permissions §7."""

from collections.abc import Iterator, Mapping
from typing import Any

from apps_registry.errors import EntryError, RegistryError
from apps_registry.rules.entries import (
    FieldRule,
    Spot,
    is_bool,
    is_list,
    is_name,
    is_text,
    is_text_list,
    list_problems,
    problem_at,
    problems_in_entry,
    raise_first,
    read_entries,
)

FIELD = "tools"
PARAMETER_TYPES = ("string", "number", "boolean")

_TOOL = (
    FieldRule("id", is_name, "a text that is not empty", required=True),
    FieldRule("description", is_text, "a text", required=True),
    FieldRule("activationPhrases", is_text_list, "a list of texts"),
    FieldRule("parameters", lambda value: isinstance(value, Mapping), "an object of named parameters"),
)
_PARAMETER = (
    FieldRule(
        "type", lambda value: value in PARAMETER_TYPES, f"one of {', '.join(PARAMETER_TYPES)}", required=True
    ),
    FieldRule("description", is_text, "a text", required=True),
    FieldRule("enum", is_list, "a list"),
    FieldRule("required", is_bool, "true or false"),
)


def validate_tools(value: object) -> list[dict[str, Any]]:
    """Return the tools as they are stored and sent; raise RegistryError naming entry, parameter and field."""
    entries = read_entries(FIELD, value)
    raise_first(_find_problems(entries))
    for entry in entries:
        if "parameters" in entry:
            entry["parameters"] = {
                name: _without_nulls(parameter) for name, parameter in entry["parameters"].items()
            }
    return entries


def tools_problems(value: object) -> list[RegistryError]:
    """Return everything that keeps `value` from being stored, in its order."""
    return list_problems(FIELD, value, _find_problems)


def _find_problems(entries: list[dict[str, Any]]) -> Iterator[EntryError]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        spot = Spot(_name(index + 1, entry), (index,))
        yield from problems_in_entry(FIELD, spot, entry, _TOOL)
        if is_name(own_id := entry.get("id")):
            if own_id in seen:
                detail = f'the id "{own_id}" stands in an earlier entry.'
                yield problem_at(FIELD, Spot(spot.name, (index, "id")), detail)
            seen.add(own_id)
        if isinstance(parameters := entry.get("parameters"), Mapping):
            yield from _find_in_parameters(spot, parameters)


def _find_in_parameters(spot: Spot, parameters: Mapping[str, Any]) -> Iterator[EntryError]:
    for name, parameter in parameters.items():
        here = spot.inside(f'parameter "{name}"', "parameters", name)
        if isinstance(parameter, Mapping):
            yield from problems_in_entry(FIELD, here, _without_nulls(parameter), _PARAMETER)
        else:
            yield problem_at(FIELD, here, "must be an object.")


def _name(number: int, entry: Mapping[str, Any]) -> str:
    own_id = entry.get("id")
    return f'tools entry {number} ("{own_id[:60]}")' if is_name(own_id) else f"tools entry {number}"


def _without_nulls(parameter: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in parameter.items() if part is not None}
