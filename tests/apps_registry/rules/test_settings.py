"""Settings: what may be defined, and how a user's values are laid over it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps_registry.errors import EntryError, RegistryError
from apps_registry.rules import apply_setting_values, build_config, merge_settings, read_setting_values
from apps_registry.rules.settings import (
    MAX_VALUES,
    SETTING_TYPES,
    settings_problems,
    validate_settings_definitions,
)

OPTIONS = [{"label": "Small", "value": "s"}, {"label": "None", "value": None}]
KEYED = {"key": "k", "label": "Label"}
GOOD: dict[str, list[dict[str, Any]]] = {
    "toggle": [{**KEYED, "defaultValue": False}],
    "text": [KEYED, {**KEYED, "defaultValue": ""}],
    "text_no_save_button": [KEYED, {**KEYED, "maxLines": 3}],
    "select": [{**KEYED, "options": OPTIONS}, {**KEYED, "options": [], "defaultValue": 7}],
    "select_with_search": [{**KEYED, "options": OPTIONS, "defaultValue": "s"}],
    "multiselect": [{**KEYED, "options": OPTIONS}, {**KEYED, "options": OPTIONS, "defaultValue": ["s"]}],
    "slider": [
        {**KEYED, "min": 1, "max": 1, "defaultValue": 1},
        {**KEYED, "min": 0.5, "max": 2, "defaultValue": 1},
    ],
    "numeric_input": [
        KEYED,
        {**KEYED, "min": 0, "max": 9, "step": 0.5, "placeholder": "n", "defaultValue": 3},
    ],
    "time_picker": [KEYED, {**KEYED, "showSeconds": True, "defaultValue": 3600}],
    "group": [{"title": "Look"}],
    "titleValue": [{"label": "Version", "value": 2}],
}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"type": "toggle", **KEYED}, '"defaultValue" is missing; it must be true or false'),
    ({"type": "toggle", **KEYED, "defaultValue": "true"}, '"defaultValue" must be true or false'),
    ({"type": "toggle", **KEYED, "defaultValue": 1}, '"defaultValue" must be true or false'),
    ({"type": "toggle", "label": "x", "defaultValue": True}, '"key" is missing'),
    (
        {"type": "toggle", "key": " ", "label": "x", "defaultValue": True},
        '"key" must be a text that is not empty',
    ),
    ({"type": "toggle", "key": "k", "defaultValue": True}, '"label" is missing'),
    ({"type": "text", **KEYED, "defaultValue": 7}, '"defaultValue" must be a text'),
    ({"type": "text_no_save_button", **KEYED, "maxLines": 0}, '"maxLines" must be a whole number'),
    ({"type": "text_no_save_button", **KEYED, "maxLines": True}, '"maxLines" must be a whole number'),
    ({"type": "select", **KEYED}, '"options" is missing'),
    ({"type": "select", **KEYED, "options": [{"label": "x"}]}, '"options" entry 1: "value" is missing'),
    ({"type": "select", **KEYED, "options": "x"}, '"options" must be a list of'),
    ({"type": "select_with_search", **KEYED, "options": ["x"]}, '"options" entry 1: must be {"label"'),
    (
        {"type": "multiselect", **KEYED, "options": OPTIONS, "defaultValue": "s"},
        '"defaultValue" must be a list',
    ),
    ({"type": "slider", **KEYED, "min": 0}, '"max" is missing'),
    ({"type": "slider", **KEYED, "min": 5, "max": 1}, '"min" must not be above "max"'),
    ({"type": "slider", **KEYED, "min": "0", "max": 1}, '"min" must be a number'),
    (
        {"type": "slider", **KEYED, "min": 0, "max": 1, "defaultValue": True},
        '"defaultValue" must be a number',
    ),
    ({"type": "numeric_input", **KEYED, "min": 5, "max": 1}, '"min" must not be above "max"'),
    ({"type": "numeric_input", **KEYED, "step": "1"}, '"step" must be a number'),
    ({"type": "numeric_input", **KEYED, "placeholder": 1}, '"placeholder" must be a text'),
    ({"type": "time_picker", **KEYED, "showSeconds": 1}, '"showSeconds" must be true or false'),
    ({"type": "time_picker", **KEYED, "defaultValue": "12:00"}, '"defaultValue" must be a number'),
    ({"type": "group"}, '"title" is missing'),
    ({"type": "titleValue", "label": "x"}, '"value" is missing'),
    ({"type": "dial", **KEYED}, '"type" must be one of toggle, text'),
    ({"type": ["toggle"], **KEYED}, '"type" must be one of toggle, text'),
    (dict(KEYED), '"type" must be one of toggle, text'),
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=6,
)
ENTRY = st.fixed_dictionaries(
    {"type": st.sampled_from([*SETTING_TYPES, "dial"])},
    optional={
        "key": st.text(max_size=3),
        "label": st.text(max_size=3),
        "title": st.text(max_size=3),
        "value": JSON,
        "defaultValue": JSON,
        "options": st.just(OPTIONS) | JSON,
        "min": st.integers() | JSON,
        "max": st.integers() | JSON,
        "step": JSON,
        "placeholder": JSON,
        "maxLines": JSON,
        "showSeconds": JSON,
    },
)


def sdk_accepts(config: dict[str, Any]) -> bool:
    """Say whether the check that v2 SDKs run on the `config` of an ack would accept it."""

    def is_number(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def optional(entry: dict[str, Any], name: str, kind: Any) -> bool:
        return name not in entry or kind(entry[name])

    def is_text(value: object) -> bool:
        return isinstance(value, str)

    def is_list(value: object) -> bool:
        return isinstance(value, list)

    def options(entry: dict[str, Any]) -> bool:
        found = entry.get("options")
        return isinstance(found, list) and all(
            is_text(each.get("label")) and "value" in each for each in found
        )

    def accepts(entry: dict[str, Any]) -> bool:
        kind, default = entry["type"], entry.get("defaultValue")
        if kind == "group":
            return is_text(entry.get("title"))
        if kind == "titleValue":
            return is_text(entry.get("label")) and "value" in entry
        if not is_text(entry.get("key")) or not is_text(entry.get("label")):
            return False
        checks: dict[str, Callable[[], bool]] = {
            "toggle": lambda: isinstance(default, bool),
            "text": lambda: optional(entry, "defaultValue", is_text),
            "text_no_save_button": lambda: optional(entry, "defaultValue", is_text),
            "select": lambda: options(entry),
            "select_with_search": lambda: options(entry),
            "multiselect": lambda: options(entry) and optional(entry, "defaultValue", is_list),
            "slider": lambda: is_number(default) and entry["min"] <= entry["max"],
            "numeric_input": lambda: (
                all(optional(entry, name, is_number) for name in ("defaultValue", "min", "max", "step"))
                and optional(entry, "placeholder", is_text)
            ),
            "time_picker": lambda: (
                optional(entry, "defaultValue", is_number)
                and optional(entry, "showSeconds", lambda value: isinstance(value, bool))
            ),
        }
        return checks[kind]()

    texts = all(isinstance(config[name], str) for name in ("name", "description", "version"))
    return texts and all(accepts(entry) for entry in config["settings"])


@pytest.mark.parametrize(
    "entry", [{"type": kind, **fields} for kind, examples in GOOD.items() for fields in examples], ids=str
)
def test_every_type_of_the_protocol_passes_unchanged(entry: dict[str, Any]) -> None:
    assert validate_settings_definitions([entry]) == [entry]


def test_there_is_an_example_of_every_type() -> None:
    assert set(GOOD) == set(SETTING_TYPES)


@pytest.mark.parametrize(("entry", "complaint"), BAD, ids=[complaint for _, complaint in BAD])
def test_a_bad_entry_is_named_with_its_field(entry: dict[str, Any], complaint: str) -> None:
    with pytest.raises(RegistryError) as refused:
        validate_settings_definitions([{"type": "group", "title": "Look"}, entry])
    assert refused.value.field == "settings"
    assert refused.value.message.startswith("settings entry 2")
    assert complaint in refused.value.message


def test_every_problem_is_told_with_the_way_to_it() -> None:
    slider = {"type": "slider", **KEYED, "min": 5, "max": 1, "defaultValue": "x"}
    select = {"type": "select", **KEYED, "options": [{"label": "Small", "value": "s"}, {"label": 7}]}
    problems = [
        problem for problem in settings_problems([slider, select, 7]) if isinstance(problem, EntryError)
    ]
    assert [problem.place for problem in problems] == [(2,)]
    problems = [problem for problem in settings_problems([slider, select]) if isinstance(problem, EntryError)]
    assert [(problem.place, problem.detail) for problem in problems] == [
        ((0, "defaultValue"), "This must be a number."),
        ((0, "min"), '"min" must not be above "max".'),
        ((1, "options", 1, "label"), "This must be a text."),
        ((1, "options", 1, "value"), "This must be a value."),
        ((1, "key"), 'the key "k" stands in an earlier entry.'),
    ]


def test_what_may_be_stored_has_no_problem() -> None:
    assert settings_problems([{"type": "group", "title": "Look"}]) == []


def test_the_message_names_the_key_of_the_entry() -> None:
    with pytest.raises(RegistryError, match=r'settings entry 1 \("k"\): "options" is missing'):
        validate_settings_definitions([{"type": "select", **KEYED}])


def test_a_slider_starts_at_its_minimum() -> None:
    [slider] = validate_settings_definitions([{"type": "slider", **KEYED, "min": 3, "max": 9}])
    assert slider["defaultValue"] == 3


def test_the_developers_own_list_is_left_alone() -> None:
    mine = [{"type": "slider", **KEYED, "min": 3, "max": 9, "step": None}]
    validate_settings_definitions(mine)
    assert mine == [{"type": "slider", **KEYED, "min": 3, "max": 9, "step": None}]


def test_a_key_stands_once() -> None:
    entry = {"type": "text", **KEYED}
    with pytest.raises(RegistryError, match='entry 2 .* the key "k" stands in an earlier entry'):
        validate_settings_definitions([entry, entry])


@given(st.lists(ENTRY, max_size=4))
def test_what_passes_is_accepted_by_sdks(entries: list[dict[str, Any]]) -> None:
    try:
        definitions = validate_settings_definitions(entries)
    except RegistryError as error:
        assert error.message.startswith("settings")
        assert build_config("n", "", "1", entries) is None
    else:
        config = build_config("n", "", "1", entries)
        assert config == {"name": "n", "description": "", "version": "1", "settings": definitions}
        assert sdk_accepts(config)
        assert validate_settings_definitions(definitions) == definitions


@given(JSON)
def test_any_value_is_definitions_or_refused(value: object) -> None:
    try:
        validate_settings_definitions(value)
    except RegistryError as error:
        assert error.field == "settings"


DEFINITIONS: list[dict[str, Any]] = [
    {"type": "group", "title": "Look"},
    {"type": "slider", "key": "size", "label": "Size", "min": 8, "max": 20, "defaultValue": 12},
    {"type": "select", "key": "font", "label": "Font", "options": OPTIONS},
]


def test_untouched_settings_have_their_defaults() -> None:
    assert merge_settings(DEFINITIONS, []) == [{**DEFINITIONS[1], "value": 12}, DEFINITIONS[2]]


def test_a_users_value_is_laid_over_the_definition() -> None:
    merged = merge_settings(DEFINITIONS, [{"key": "size", "value": 14}, {"key": "font", "value": "s"}])
    assert merged == [{**DEFINITIONS[1], "value": 14}, {**DEFINITIONS[2], "value": "s"}]


def test_null_means_untouched() -> None:
    assert merge_settings(DEFINITIONS, [{"key": "size", "value": None}])[0]["value"] == 12


def test_falsy_values_are_values() -> None:
    loud = {"type": "toggle", "key": "loud", "label": "Loud", "defaultValue": True}
    assert merge_settings([loud], [{"key": "loud", "value": False}])[0]["value"] is False


def test_a_value_that_does_not_fit_any_more_gives_way_to_the_default() -> None:
    assert merge_settings(DEFINITIONS, [{"key": "size", "value": 0}])[0]["value"] == 12


def test_values_of_unknown_keys_follow_bare() -> None:
    assert merge_settings([], [{"key": "old", "value": "x"}]) == [{"key": "old", "value": "x"}]


def test_merging_changes_neither_side() -> None:
    definitions, values = [dict(entry) for entry in DEFINITIONS], [{"key": "size", "value": 14}]
    merge_settings(definitions, values)
    assert definitions == DEFINITIONS
    assert values == [{"key": "size", "value": 14}]


@pytest.mark.parametrize("value", [{"key": "a", "value": 1}, [{"key": "a", "value": 1, "label": "x"}]])
def test_one_object_or_a_list_is_read(value: object) -> None:
    assert read_setting_values(value) == [{"key": "a", "value": 1}]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "a",
        7,
        ["a"],
        [{}],
        [{"key": 7}],
        [{"key": ""}],
        [{"key": "x" * 201}],
        [{"key": "a"}] * (MAX_VALUES + 1),
    ],
    ids=lambda value: str(value)[:20],
)
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(RegistryError):
        read_setting_values(value)


def test_later_values_win_and_others_stay() -> None:
    stored = [{"key": "a", "value": 1}, {"key": "b", "value": 2}]
    assert apply_setting_values(stored, [{"key": "b", "value": 3}, {"key": "c", "value": None}]) == [
        {"key": "a", "value": 1},
        {"key": "b", "value": 3},
        {"key": "c", "value": None},
    ]


def test_what_is_stored_stays_bounded() -> None:
    many = [{"key": str(number), "value": 1} for number in range(MAX_VALUES)]
    with pytest.raises(RegistryError, match="at most"):
        apply_setting_values(many, [{"key": "one more", "value": 1}])
    with pytest.raises(RegistryError, match="larger than 64 KiB"):
        apply_setting_values([], [{"key": "a", "value": "x" * 70_000}])
    with pytest.raises(RegistryError, match="NUL"):
        apply_setting_values([], [{"key": "a", "value": "\x00"}])


VALUES = st.lists(st.fixed_dictionaries({"key": st.sampled_from("abcd"), "value": JSON}), max_size=6)


@given(VALUES, VALUES)
def test_the_last_word_on_every_key_is_kept(
    stored: list[dict[str, Any]], changes: list[dict[str, Any]]
) -> None:
    try:
        merged = apply_setting_values(stored, changes)
    except RegistryError:
        return
    assert {entry["key"]: entry["value"] for entry in merged} == {
        entry["key"]: entry["value"] for entry in [*stored, *changes]
    }
    assert len({entry["key"] for entry in merged}) == len(merged)
