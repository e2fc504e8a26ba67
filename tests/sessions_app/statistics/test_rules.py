"""How hours are counted: starts, failures, time connected, percentiles."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.statistics.rules import (
    DAY,
    LATENCY_BOUNDS_MS,
    RANGES,
    WEEK,
    Move,
    Tally,
    count_moves,
    hour_of,
    percentile,
    put_together,
    range_of,
    split_by_hours,
    stage_of,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATENCIES = st.floats(min_value=0, max_value=6000)


def _move(before: str, after: str, cause: str, at: datetime, detail: str = "") -> Move:
    return Move(before, after, cause, detail, at)


def test_a_start_counts_when_the_app_runs() -> None:
    moves = [
        _move("stopped", "connecting", "start", NOON),
        _move("connecting", "running", "attached", NOON + MINUTE),
    ]
    hours = count_moves(moves, NOON, NOON + 11 * MINUTE)
    assert hours == {NOON: Tally(starts=1, connected_seconds=600)}


def test_a_failed_start_counts_at_its_stage() -> None:
    failed = _move("connecting", "stopped", "start_failed", NOON, "WEBHOOK: it answered 502")
    assert count_moves([failed], NOON, NOON + HOUR)[NOON].failures == Counter(WEBHOOK=1)


@pytest.mark.parametrize(
    ("detail", "stage"),
    [("TIMEOUT: no", "TIMEOUT"), ("it broke", "OTHER"), ("so: it broke", "OTHER"), ("", "OTHER")],
)
def test_the_stage_begins_the_detail(detail: str, stage: str) -> None:
    assert stage_of(detail) == stage


def test_time_connected_is_split_at_full_hours() -> None:
    lost = _move("running", "grace_period", "socket_lost", NOON + 90 * MINUTE)
    hours = count_moves([lost], NOON - 30 * MINUTE, NOON + 2 * HOUR)
    assert {hour: tally.connected_seconds for hour, tally in hours.items()} == {
        NOON - HOUR: 1800,
        NOON: 3600,
        NOON + HOUR: 1800,
    }
    assert hours[NOON + HOUR].losses == 1


def test_a_socket_that_replaces_another_neither_starts_nor_interrupts() -> None:
    moves = [_move("running", "running", "attached", NOON + 10 * MINUTE)]
    assert count_moves(moves, NOON, NOON + HOUR) == {NOON: Tally(connected_seconds=3600)}


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_second_is_lost_at_the_seams(offset: int, seconds: int) -> None:
    start = NOON + timedelta(seconds=offset)
    parts = list(split_by_hours(start, start + timedelta(seconds=seconds)))
    assert sum(part for _, part in parts) == seconds
    assert all(hour == hour_of(hour) and 0 < part <= 3600 for hour, part in parts)


@given(LATENCIES)
def test_a_latency_stands_in_the_range_whose_bounds_enclose_it(latency: float) -> None:
    bounds = (0, *LATENCY_BOUNDS_MS)
    place = range_of(latency)
    assert bounds[place] <= latency <= bounds[place + 1]


def test_what_takes_too_long_stands_in_the_last_range() -> None:
    assert range_of(60_000) == RANGES - 1


@given(st.lists(LATENCIES, min_size=1), st.floats(min_value=0.01, max_value=1))
def test_a_percentile_is_in_the_range_of_the_call_at_that_rank(latencies: list[float], share: float) -> None:
    counts = [0] * RANGES
    for latency in latencies:
        counts[range_of(latency)] += 1
    exact = sorted(latencies)[max(0, -int(-share * len(latencies) // 1) - 1)]
    estimate = percentile(counts, share)
    assert estimate is not None
    assert range_of(estimate) == range_of(exact)


def test_without_calls_there_is_no_percentile() -> None:
    assert percentile([0] * RANGES, 0.95) is None


def test_the_share_of_failed_starts() -> None:
    assert Tally().failed_share is None
    assert Tally(starts=3, failures=Counter(WEBHOOK=1)).failed_share == 0.25


def test_a_day_ends_with_this_hour_and_a_week_with_this_quarter_of_a_day() -> None:
    now = NOON + 3 * HOUR + 20 * MINUTE
    day, week = DAY.beginnings(now), WEEK.beginnings(now)
    assert (len(day), day[-1], day[0]) == (24, NOON + 3 * HOUR, NOON - 20 * HOUR)
    assert (len(week), week[-1]) == (28, NOON)
    assert {moment.hour % 6 for moment in week} == {0}


def test_hours_are_put_together_by_step_and_old_ones_left_out() -> None:
    beginnings = [NOON - 6 * HOUR, NOON]
    hours = [(NOON - 7 * HOUR, 1), (NOON - HOUR, 2), (NOON, 4), (NOON + 5 * HOUR, 8), (NOON + 6 * HOUR, 16)]
    steps = put_together(((hour, Tally(starts=n)) for hour, n in hours), beginnings, 6 * HOUR)
    assert [step.starts for step in steps] == [2, 12]
