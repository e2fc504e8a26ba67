"""Log lines of any dialect become lines of ours; nothing in them breaks a database."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sessions_app.incidents.rules import (
    MOST_DEPTH,
    MOST_LINES,
    RETRY_SECONDS,
    clean,
    in_order,
    read_lines,
    retry_key,
    summary_of,
    without_person,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (
            {
                "timestamp": 1767322145678,
                "level": "warn",
                "message": "x",
                "source": "camera",
                "data": {"a": 1},
            },
            {
                "at": "2026-01-02T02:49:05.678000+00:00",
                "level": "warn",
                "message": "x",
                "source": "camera",
                "data": {"a": 1},
            },
        ),
        (
            {
                "timestamp": "2026-01-02T03:04:05.678Z",
                "level": "WARNING",
                "message": "y",
                "metadata": {"b": 2},
            },
            {
                "at": "2026-01-02T03:04:05.678000+00:00",
                "level": "warn",
                "message": "y",
                "data": {"b": 2},
            },
        ),
        ({"level": 50, "msg": "z"}, {"at": NOW.isoformat(), "level": "error", "message": "z"}),
        ({"level": 10, "message": ["a"]}, {"at": NOW.isoformat(), "level": "debug", "message": '["a"]'}),
        ("plain", {"at": NOW.isoformat(), "level": "info", "message": "plain"}),
        (7, {"at": NOW.isoformat(), "level": "info", "message": "7"}),
        ({"timestamp": 1e300}, {"at": NOW.isoformat(), "level": "info", "message": ""}),
        ({"timestamp": "tomorrow", "level": []}, {"at": NOW.isoformat(), "level": "info", "message": ""}),
    ],
)
def test_a_line_of_any_dialect_is_read(entry: Any, line: dict[str, Any]) -> None:
    assert read_lines([entry], NOW) == [line]


def test_lines_are_bounded_and_what_is_no_list_has_none() -> None:
    lines = read_lines(["x"] * (MOST_LINES + 7), NOW)
    assert len(lines) == MOST_LINES + 1
    assert lines[-1]["message"] == "… 7 more lines"
    assert read_lines({"a": 1}, NOW) == []
    assert len(read_lines([{"message": "x" * 9_000}], NOW)[0]["message"]) == 2_000


def test_lines_of_all_sources_are_in_one_order() -> None:
    assert [line["n"] for line in in_order([{"at": "2", "n": 1}, {"n": 2}, {"at": "1", "n": 3}])] == [2, 3, 1]


def test_what_no_database_takes_is_replaced() -> None:
    deep: Any = "x"
    for _ in range(MOST_DEPTH + 5):
        deep = [deep]
    odd = "\N{REPLACEMENT CHARACTER}"
    assert clean({"a\0": ["\0", "\ud800", 1.5, None, True]}) == {f"a{odd}": [odd, "?", 1.5, None, True]}
    assert "…" in str(clean(deep))


def test_a_report_is_known_again_within_ten_minutes() -> None:
    body = {"feedback": "x"}
    first = retry_key("1", "incident", body, 0)
    assert first == retry_key("1", "incident", {"feedback": "x"}, RETRY_SECONDS - 1)
    assert first == retry_key("1", "incident", body, RETRY_SECONDS + 1, before=True)
    others = [
        retry_key("2", "incident", body, 0),
        retry_key("1", "feedback", body, 0),
        retry_key("1", "incident", {}, 0),
    ]
    assert len({first, *others}) == 4


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        ("two\nlines ", "two lines"),
        ({"type": "bug", "description": "It  froze"}, "It froze"),
        ({"type": "bug", "actualBehavior": "x" * 300}, "x" * 200),
        ({"type": "bug"}, "bug"),
        ({"type": 5}, ""),
        (None, ""),
    ],
)
def test_a_report_has_a_line_that_says_what_it_is(said: Any, summary: str) -> None:
    assert summary_of(said) == summary


def test_developers_are_not_told_who_reported() -> None:
    said = {"userId": "ada@x.org", "list": ["for ada@x.org", 5]}
    assert without_person(said, "ada@x.org") == {"userId": "<user>", "list": ["for <user>", 5]}
    assert without_person("a", "") == "a"
