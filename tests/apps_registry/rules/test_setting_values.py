"""Which values a setting takes, by its type."""

from typing import Any

import pytest

from apps_registry.errors import SettingRefused
from apps_registry.rules.setting_values import check_setting_values, usable_values
from apps_registry.rules.settings import SETTING_TYPES

OPTIONS = [{"label": "One", "value": 1}, {"label": "Small", "value": "s"}, {"label": "List", "value": [1]}]
MORE: dict[str, dict[str, Any]] = {
    "select": {"options": OPTIONS},
    "select_with_search": {"options": OPTIONS},
    "multiselect": {"options": OPTIONS},
    "slider": {"min": 1, "max": 9.5},
    "numeric_input": {"min": 0},
    "group": {"title": "Look"},
}
GOOD: dict[str, list[Any]] = {
    "toggle": [True, False],
    "text": ["", "abc"],
    "text_no_save_button": ["two\nlines"],
    "select": [1, "s", [1], 1.0],
    "select_with_search": ["s"],
    "multiselect": [[], [1, "s"], [[1]]],
    "slider": [1, 9.5, 4],
    "numeric_input": [0, 10**6, 0.25],
    "time_picker": [0, 86_400, 3_600.5],
}
BAD: dict[str, list[Any]] = {
    "toggle": [1, "true", []],
    "text": [1, True, {}],
    "text_no_save_button": [["a"]],
    "select": [True, "S", 2, [1, 2], {}],
    "select_with_search": ["One"],
    "multiselect": ["s", [1, 2], [1, 1], [True], {"value": 1}],
    "slider": [0.9, 10, True, "5"],
    "numeric_input": [-1, "7", False],
    "time_picker": [-1, 86_401, "10:00", True],
    "group": ["x"],
    "titleValue": ["x"],
}


def check(kind: str, value: object) -> None:
    definition = {"type": kind, "key": "it", "label": "It", **MORE.get(kind, {})}
    check_setting_values([{"type": "group", "title": "No key"}, definition], [{"key": "it", "value": value}])


@pytest.mark.parametrize("kind", GOOD)
def test_a_value_that_fits_is_taken(kind: str) -> None:
    for value in GOOD[kind]:
        check(kind, value)


@pytest.mark.parametrize("kind", BAD)
def test_a_value_that_does_not_fit_is_refused_by_name(kind: str) -> None:
    for value in BAD[kind]:
        with pytest.raises(SettingRefused) as refusal:
            check(kind, value)
        assert (refusal.value.key, refusal.value.code) == ("it", "INVALID_SETTING_VALUE")
        assert refusal.value.message.startswith('"it" ')


@pytest.mark.parametrize("kind", SETTING_TYPES)
def test_null_is_always_the_way_back_to_the_default(kind: str) -> None:
    check(kind, None)


def test_every_type_is_in_both_tables() -> None:
    assert set(BAD) == set(SETTING_TYPES)


def test_what_is_not_defined_is_nobodys_to_judge() -> None:
    check_setting_values([], [{"key": "old", "value": {"any": 1}}])


def test_what_does_not_fit_any_more_is_as_if_never_chosen() -> None:
    definitions: list[dict[str, Any]] = [
        {"type": "slider", "key": "size", "min": 1, "max": 9},
        {"type": "toggle", "key": "loud"},
    ]
    chosen: list[dict[str, Any]] = [
        {"key": "size", "value": 12},
        {"key": "loud", "value": False},
        {"key": "old", "value": "x"},
    ]
    assert usable_values(definitions, chosen) == {"loud": False, "old": "x"}
