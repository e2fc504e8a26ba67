"""Tools an app offers."""

from typing import Any

import pytest

from apps_registry.errors import EntryError, RegistryError
from apps_registry.rules.tools import tools_problems, validate_tools

TOOL: dict[str, Any] = {
    "id": "add_todo",
    "description": "Add a to-do item",
    "activationPhrases": ["remind me"],
    "parameters": {
        "text": {"type": "string", "description": "what", "required": True},
        "when": {"type": "string", "description": "", "enum": ["today", "tomorrow"]},
    },
}


def test_a_complete_tool_passes_unchanged() -> None:
    assert validate_tools([TOOL]) == [TOOL]


def test_nulls_are_dropped_in_parameters_too() -> None:
    tool = {
        "id": "a",
        "description": "",
        "parameters": {"x": {"type": "number", "description": "", "enum": None}},
    }
    assert validate_tools([tool])[0]["parameters"] == {"x": {"type": "number", "description": ""}}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": ""}, '"id" must be a text that is not empty'),
        ({"id": None}, '"id" is missing'),
        ({"description": None}, '"description" is missing'),
        ({"activationPhrases": "remind me"}, '"activationPhrases" must be a list of texts'),
        ({"activationPhrases": [1]}, '"activationPhrases" must be a list of texts'),
        ({"parameters": []}, '"parameters" must be an object'),
        ({"parameters": {"text": "string"}}, 'parameter "text": must be an object'),
        (
            {"parameters": {"text": {"type": "date", "description": ""}}},
            '"type" must be one of string, number',
        ),
        ({"parameters": {"text": {"type": "string"}}}, 'parameter "text": "description" is missing'),
        ({"parameters": {"text": {"type": [], "description": ""}}}, '"type" must be one of'),
    ],
)
def test_a_bad_tool_is_named(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(RegistryError) as refused:
        validate_tools([{**TOOL, "id": "first"}, {**TOOL, **change}])
    assert refused.value.message.startswith("tools entry 2")
    assert complaint in refused.value.message


def test_an_id_stands_once() -> None:
    with pytest.raises(RegistryError, match='the id "add_todo" stands in an earlier entry'):
        validate_tools([TOOL, TOOL])


def test_every_problem_is_told_with_the_way_to_it() -> None:
    bad = {**TOOL, "description": 7, "parameters": {"text": {"type": "date", "description": ""}}}
    problems = [problem for problem in tools_problems([TOOL, bad]) if isinstance(problem, EntryError)]
    assert [problem.place for problem in problems] == [
        (1, "description"),
        (1, "id"),
        (1, "parameters", "text", "type"),
    ]
    assert tools_problems([TOOL]) == []
    assert [problem.message for problem in tools_problems({})] == ["tools must be a list."]
