"""Where things stand in a window of time."""

from datetime import datetime, timedelta

import pytest

from sessions_app.admin.timeline.lanes import Lane, Mark, MarkKind, Span
from sessions_app.admin.timeline.layout import MOST_TICKS, Window, place, spoken, ticks
from tests.support.fake_clock import START

WINDOW = Window(START, START + timedelta(seconds=100))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def placed(*spans: tuple[float, float | None], now: float = 100) -> list[tuple[float, float, str]]:
    lane = Lane(
        "session", [Span("ACTIVE", at(since), None if until is None else at(until)) for since, until in spans]
    )
    (drawn,) = place([lane], WINDOW, at(now))
    return [(span.left, span.width, span.lasts) for span in drawn.spans]


def marked(*marks: tuple[float, MarkKind]) -> list[tuple[float, MarkKind, int]]:
    lane = Lane("session", [], [Mark(kind, at(moment), kind, 1) for moment, kind in marks])
    (drawn,) = place([lane], WINDOW, START)
    return [(mark.left, mark.kind, mark.count) for mark in drawn.marks]


def test_spans_stand_in_percent_of_the_window() -> None:
    assert placed((0, 50), (50, 75)) == [(0, 50, "50 s"), (50, 25, "25 s")]


def test_spans_are_clipped_and_say_their_whole_length() -> None:
    assert placed((-50, 10), (90, 500)) == [(0, 10, "1 min"), (90, 10, "6 min 50 s")]


def test_spans_outside_are_left_out() -> None:
    assert placed((-50, -10), (101, 200)) == []


def test_what_lasts_is_drawn_until_now() -> None:
    assert placed((20, None), now=60) == [(20, 40, "40 s")]
    assert placed((20, None), now=10) == [(20, 0, "0.0 s")], "a clock that differs makes nothing negative"


def test_marks_that_would_lie_on_one_another_become_the_gravest() -> None:
    near = [(10.0, MarkKind.BACK), (10.5, MarkKind.ERROR), (11, MarkKind.LOSS), (50, MarkKind.OWNER)]
    assert marked(*near) == [(10, MarkKind.ERROR, 3), (50, MarkKind.OWNER, 1)]


def test_marks_outside_are_left_out() -> None:
    assert marked((-1, MarkKind.LOSS), (101, MarkKind.LOSS)) == []


@pytest.mark.parametrize("seconds", [0, 2, 7, 61, 3600, 90_000, 86_400 * 30, 86_400 * 400])
def test_a_scale_has_a_few_round_moments(seconds: int) -> None:
    window = Window(START, START + timedelta(seconds=seconds))
    lines = ticks(window)
    assert len(lines) <= MOST_TICKS + 1
    assert all(0 <= line.left <= 100 for line in lines)
    assert len({line.label for line in lines}) == len(lines)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.25, "0.2 s"),
        (42, "42 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
        (273_600, "3 d 4 h"),
    ],
)
def test_lengths_as_people_say_them(seconds: float, text: str) -> None:
    assert spoken(timedelta(seconds=seconds)) == text
