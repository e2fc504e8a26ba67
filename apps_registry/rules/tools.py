"""Tools: what an app offers to be called for. Pure; the shape is streams-and-permissions §7."""

from collections.abc import Mapping
from typing import Any

from apps_registry.errors import RegistryError
from apps_registry.rules.entries import (
    FieldRule,
    check_entry,
    is_bool,
    is_list,
    is_name,
    is_text,
    is_text_list,
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
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        where = f"tools entry {number}"
        if is_name(entry.get("id")):
            where = f'{where} ("{entry["id"][:60]}")'
        check_entry(FIELD, where, entry, _TOOL)
        if entry["id"] in seen:
            raise RegistryError(FIELD, f'{where}: the id "{entry["id"]}" stands in an earlier entry.')
        seen.add(entry["id"])
        if "parameters" in entry:
            entry["parameters"] = _read_parameters(where, entry["parameters"])
    return entries


def _read_parameters(where: str, parameters: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = {}
    for name, parameter in parameters.items():
        here = f'{where}, parameter "{name}"'
        if not isinstance(parameter, Mapping):
            raise RegistryError(FIELD, f"{here}: must be an object.")
        read[name] = {key: part for key, part in parameter.items() if part is not None}
        check_entry(FIELD, here, read[name], _PARAMETER)
    return read
