"""Checks shared by settings, tools and hardware."""

from typing import Any

import pytest

from apps_registry.errors import RegistryError
from apps_registry.rules.entries import (
    MAX_ENTRIES,
    FieldRule,
    Spot,
    check_storable,
    is_name,
    is_number,
    problems_in_entry,
    raise_first,
    read_entries,
    validate_text,
)

SPOT = Spot("entry 1", (0,))


def test_null_is_the_same_as_absent() -> None:
    assert read_entries("tools", [{"id": "a", "enum": None}]) == [{"id": "a"}]


@pytest.mark.parametrize("value", [None, {}, "x", 7])
def test_entries_are_a_list(value: object) -> None:
    with pytest.raises(RegistryError, match="tools must be a list"):
        read_entries("tools", value)


def test_the_number_of_entries_is_bounded() -> None:
    with pytest.raises(RegistryError, match=f"{MAX_ENTRIES} are allowed"):
        read_entries("tools", [{}] * (MAX_ENTRIES + 1))


@pytest.mark.parametrize("value", [float("nan"), "\x00", "\ud800", "x" * 2048], ids=repr)
def test_what_no_database_keeps_is_refused(value: Any) -> None:
    with pytest.raises(RegistryError) as refused:
        check_storable("tools", "The list", [value], 1024)
    assert refused.value.field == "tools"
    assert refused.value.message.startswith("The list cannot be stored: it ")


def test_an_optional_field_may_be_missing_but_not_wrong() -> None:
    rule = FieldRule("size", is_number, "a number")
    assert not list(problems_in_entry("tools", SPOT, {}, [rule]))
    assert not list(problems_in_entry("tools", SPOT, {"size": 2.5}, [rule]))
    [problem] = problems_in_entry("tools", SPOT, {"size": True}, [rule])
    assert problem.message == 'entry 1: "size" must be a number.'
    assert (problem.place, problem.detail) == ((0, "size"), "This must be a number.")


def test_a_required_field_is_missed() -> None:
    rule = FieldRule("id", is_name, "a text", required=True)
    with pytest.raises(RegistryError, match='entry 1: "id" is missing; it must be a text'):
        raise_first(problems_in_entry("tools", SPOT, {}, [rule]))


def test_a_text_is_stripped_and_bounded() -> None:
    assert validate_text("name", " x ", 10, "The name") == "x"
    with pytest.raises(RegistryError, match="The name must be a text of at most 3 characters"):
        validate_text("name", "four", 3, "The name")
