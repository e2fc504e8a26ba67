"""Comparing two configs of an app, for a person to read."""

from apps_registry.rules import changed_names, compare_configs, describe_names
from apps_registry.rules.config import CONFIG_NAMES
from apps_registry.rules.versions import LABELS, Line

OLD = {"name": "Notes", "description": "One\nTwo", "tools": [], "permissions": [{"type": "CAMERA"}]}


def test_every_field_has_a_label() -> None:
    assert list(LABELS) == list(CONFIG_NAMES.values())


def test_equal_configs_differ_in_nothing() -> None:
    assert changed_names(OLD, {**OLD}) == []
    assert compare_configs(OLD, {**OLD}) == []


def test_what_a_config_does_not_name_is_empty_in_it() -> None:
    assert changed_names(OLD, {**OLD, "onboardingInstructions": "", "settings": []}) == []
    assert changed_names(OLD, {**OLD, "onboardingInstructions": "Tap twice"}) == ["onboardingInstructions"]


def test_a_text_is_compared_line_by_line() -> None:
    [change] = compare_configs(OLD, {**OLD, "description": "One\nThree"})
    assert (change.name, change.label) == ("description", "Description")
    assert change.lines == (Line("same", "One"), Line("removed", "Two"), Line("added", "Three"))


def test_an_entry_that_came_is_shown_whole() -> None:
    added = {**OLD, "permissions": [{"type": "CAMERA"}, {"type": "LOCATION", "description": "to läuten"}]}
    [change] = compare_configs(OLD, added)
    text = "\n".join(line.text for line in change.lines if line.kind == "added")
    assert '"type": "LOCATION"' in text
    assert "to läuten" in text


def test_names_are_told_as_a_sentence_says_them() -> None:
    assert describe_names([]) == "nothing"
    assert describe_names(["name"]) == "name"
    assert describe_names(["name", "publicUrl", "settings"]) == "name, Public URL and settings"
