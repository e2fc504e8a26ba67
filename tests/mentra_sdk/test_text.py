"""Lines of at most so many columns."""

import pytest

from mentra_sdk.text import clip, width, wrap


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one two three", ["one two", "three"]),
        ("a verylongwordindeed b", ["a", "verylong", "wordinde", "ed b"]),
        ("左へ曲がってください", ["左へ曲が", "ってくだ", "さい"]),
        ("go 左へ now", ["go 左へ", "now"]),
        ("über ä", ["über ä"]),
    ],
)
def test_lines_are_broken_where_they_may_be(text: str, lines: list[str]) -> None:
    broken = wrap(text, 8)
    assert broken == lines
    assert all(width(line) <= 8 for line in broken)


@pytest.mark.parametrize(
    ("text", "line"),
    [("short", "short"), ("two\n lines", "two lin…"), ("左へ曲がって", "左へ曲…"), ("", "")],
)
def test_one_line_shows_that_something_was_cut_away(text: str, line: str) -> None:
    assert clip(text, 8) == line
    assert width(clip(text, 8)) <= 8
