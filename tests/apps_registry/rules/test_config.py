"""What an app_config.json holds, and that nothing is lost on the way out and in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps_registry.rules import config_of, read_config, read_details
from apps_registry.rules.config import CONFIG_NAMES
from apps_registry.rules.hardware import HardwareLevel, HardwareType
from apps_registry.rules.permissions import PermissionType

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30).map(str.strip)
NAMES = WORDS.filter(bool)
KEYS = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
URLS = st.sampled_from(["https://app.example", "http://127.0.0.1:3000/base", "https://ünï.example/a"])


def each_once(entries: st.SearchStrategy[dict[str, Any]], name: str) -> st.SearchStrategy[list[Any]]:
    return st.lists(entries, unique_by=lambda entry: entry[name], max_size=4)


SETTINGS = each_once(
    st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("toggle"), "key": KEYS, "label": WORDS, "defaultValue": st.booleans()}
        ),
        st.fixed_dictionaries({"type": st.just("text"), "key": KEYS, "label": WORDS}),
        st.fixed_dictionaries(
            {
                "type": st.just("slider"),
                "key": KEYS,
                "label": WORDS,
                "min": st.just(0),
                "max": st.integers(1, 9),
            }
        ),
    ),
    "key",
)
TOOLS = each_once(
    st.fixed_dictionaries(
        {"id": KEYS, "description": WORDS},
        optional={
            "activationPhrases": st.lists(WORDS, max_size=2),
            "parameters": st.dictionaries(
                KEYS, st.fixed_dictionaries({"type": st.just("string"), "description": WORDS}), max_size=2
            ),
        },
    ),
    "id",
)
DETAILS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "description": WORDS,
        "public_url": URLS,
        "webview_url": st.one_of(st.just(""), URLS),
        "logo_url": st.one_of(st.just(""), URLS),
        "app_type": st.sampled_from(["standard", "background"]),
        "onboarding_instructions": WORDS,
        "permissions": each_once(
            st.fixed_dictionaries({"type": st.sampled_from(PermissionType), "description": WORDS}), "type"
        ),
        "hardware_requirements": each_once(
            st.fixed_dictionaries(
                {
                    "type": st.sampled_from(HardwareType),
                    "level": st.sampled_from(HardwareLevel),
                    "description": WORDS,
                }
            ),
            "type",
        ),
        "settings_definitions": SETTINGS,
        "tools": TOOLS,
    }
)


@given(DETAILS)
def test_out_and_in_again_changes_nothing(details: dict[str, Any]) -> None:
    config = config_of(read_details(details))
    again, problems, unknown = read_config(config)
    assert (problems, unknown) == ([], [])
    assert config_of(read_details(again)) == config
    assert list(config) == list(CONFIG_NAMES.values())


def test_every_problem_is_told_and_the_rest_is_read() -> None:
    details, problems, unknown = read_config(
        {"name": "", "publicUrl": "nowhere", "tools": [7], "appType": "standard", "colour": "red"}
    )
    assert details == {"app_type": "standard"}
    assert [problem.field for problem in problems] == ["name", "public_url", "tools"]
    assert unknown == ["colour"]


def test_what_other_clouds_add_is_passed_over() -> None:
    config = {"name": "Notes", "packageName": "com.example.notes", "hashedApiKey": "x", "_id": 1}
    assert read_config(config) == ({"name": "Notes"}, [], [])


@pytest.mark.parametrize("config", [None, [], "text", 7])
def test_a_file_that_is_no_object_is_one_problem(config: object) -> None:
    _, [problem], _ = read_config(config)
    assert problem.message == "The file must hold one JSON object."
