"""User settings, without a database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidUserSettings
from accounts.rules import (
    DEFAULT_USER_SETTINGS,
    MAX_NESTING,
    MAX_USER_SETTINGS_BYTES,
    apply_user_settings,
    default_wearable,
    json_size,
    legacy_user_settings,
    read_user_settings_changes,
    to_camel_case,
    to_snake_case,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=10,
)


def test_names_of_settings_go_both_ways() -> None:
    for name in DEFAULT_USER_SETTINGS:
        assert to_camel_case(to_snake_case(name)) == name
    assert to_snake_case("metricSystemEnabled") == "metric_system_enabled"
    assert to_snake_case("default_wearable") == "default_wearable"
    assert to_camel_case("default_wearable") == "defaultWearable"


def test_both_spellings_are_one_setting() -> None:
    assert read_user_settings_changes({"bypassVad": True, "head_up_angle": 30}) == {
        "bypass_vad": True,
        "head_up_angle": 30,
    }


@pytest.mark.parametrize("changes", [None, [], "x", {1: 2}, {"": 1}])
def test_changes_must_be_an_object_of_names(changes: object) -> None:
    with pytest.raises(InvalidUserSettings):
        read_user_settings_changes(changes)


def test_settings_that_are_not_named_stay_and_none_forgets_one() -> None:
    assert apply_user_settings({"a": 1, "b": 2}, {"b": None, "c": 3}) == {"a": 1, "c": 3}


@pytest.mark.parametrize(
    "value", [float("nan"), "a\x00b", "\ud800", {1, 2}, "x" * (MAX_USER_SETTINGS_BYTES + 1)], ids=repr
)
def test_what_a_database_cannot_keep_is_refused(value: object) -> None:
    with pytest.raises(InvalidUserSettings):
        apply_user_settings({}, {"key": value})


def test_endless_nesting_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match="JSON"):
        json_size(deep)


def test_nesting_is_bounded_long_before_an_encoder_gives_up() -> None:
    deep: object = "text"
    for _ in range(MAX_NESTING - 1):
        deep = {"inner": deep}
    assert json_size(deep) > 0
    with pytest.raises(ValueError, match=f"nested more than {MAX_NESTING} levels"):
        json_size([deep])


def test_a_backslash_is_not_mistaken_for_a_nul_character() -> None:
    assert json_size("\\u0000") == len('"\\\\u0000"')


def test_a_user_without_settings_has_all_defaults() -> None:
    assert legacy_user_settings({}) == DEFAULT_USER_SETTINGS


def test_stored_names_show_under_their_legacy_names() -> None:
    legacy = legacy_user_settings(
        {"metric_system_enabled": True, "brightness": 80, "timezone": "Europe/Berlin"}
    )
    assert legacy == {
        **DEFAULT_USER_SETTINGS,
        "metricSystemEnabled": True,
        "brightness": 80,
        "timezone": "Europe/Berlin",
    }


def test_settings_of_the_phone_alone_are_not_shown_to_apps() -> None:
    assert "defaultWearable" not in legacy_user_settings({"default_wearable": "Even Realities G1"})


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("true", True), ("FALSE", False), ("yes", False), (1, False), (None, False), ([], False)],
)
def test_a_flag_is_always_true_or_false(stored: object, shown: bool) -> None:
    assert legacy_user_settings({"bypass_vad": stored})["bypassVad"] is shown


@pytest.mark.parametrize(("stored", "shown"), [(30, 30), (12.5, 12.5), ("30", 20), (True, 20), (None, 20)])
def test_a_number_is_always_a_number(stored: object, shown: float) -> None:
    assert legacy_user_settings({"head_up_angle": stored})["headUpAngle"] == shown


@given(st.dictionaries(st.sampled_from([to_snake_case(name) for name in DEFAULT_USER_SETTINGS]), JSON))
def test_the_legacy_object_keeps_its_types_whatever_is_stored(stored: dict[str, Any]) -> None:
    legacy = legacy_user_settings(stored)
    for name, default in DEFAULT_USER_SETTINGS.items():
        assert isinstance(legacy[name], bool) == isinstance(default, bool)
        assert isinstance(legacy[name], int | float)


@pytest.mark.parametrize("value", ["Middle-earth/Bree", "", 2, None, "GMT+02:00"])
def test_a_time_zone_that_apps_cannot_reckon_with_is_not_told(value: object) -> None:
    assert "timezone" not in legacy_user_settings({"timezone": value})


@pytest.mark.parametrize(
    ("value", "model"), [("Even Realities G1", "Even Realities G1"), (7, ""), ("x" * 300, "")]
)
def test_the_usual_glasses_are_named_by_a_text_of_bearable_length(value: object, model: str) -> None:
    assert default_wearable({"default_wearable": value}) == model
