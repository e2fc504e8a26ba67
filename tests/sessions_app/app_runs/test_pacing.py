"""When an app's server is called again (lifecycle §4.3), and what a host that fails is spared (P-16, P-17)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from sessions_app.app_runs.pacing import (
    AT_ONCE,
    BRIDGED_SECONDS,
    LONGEST_RETRY_AFTER_SECONDS,
    PER_SECOND,
    RESTORE_DELAYS_SECONDS,
    RESURRECTION_DELAYS_SECONDS,
    START_DELAYS_SECONDS,
    TRIAL_GAP_SECONDS,
    Circuit,
    CircuitState,
    Limits,
    after_answer,
    after_failure,
    counts_as_failure,
    host_of,
    is_held_back,
    jittered,
    next_turn,
    points_left,
    retry_after_seconds,
    spread,
    worth_retrying,
)

LIMITS = Limits(failures=5, pause_seconds=600.0)
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CHANCES = st.lists(st.floats(0, 1), min_size=8, max_size=8)


def failing(*ends: float) -> Circuit:
    """Return the circuit of a host whose calls failed at these times, each begun when it ended."""
    circuit = Circuit()
    for end in ends:
        circuit = after_failure(circuit, LIMITS, began=end, now=end)
    return circuit


def test_resurrection_follows_the_schedule_of_the_protocol() -> None:
    assert RESURRECTION_DELAYS_SECONDS == (0, 2, 5, 10, 20, 35, 55, 90)


def test_what_ran_in_the_last_session_is_tried_within_a_start() -> None:
    assert RESTORE_DELAYS_SECONDS[-1] < 20


def test_a_start_outlasts_two_calls_that_hang_and_the_pause_between_them(settings: Settings) -> None:
    calls, pauses = len(START_DELAYS_SECONDS), sum(jittered(delay, 1) for delay in START_DELAYS_SECONDS)
    assert calls * settings.WEBHOOK_TIMEOUT_SECONDS + pauses < settings.APP_START_TIMEOUT_SECONDS


def test_delays_are_spread_by_a_fifth() -> None:
    assert jittered(10, 0) == pytest.approx(8)
    assert jittered(10, 0.5) == pytest.approx(10)
    assert jittered(10, 1) == pytest.approx(12)


@given(CHANCES)
def test_jitter_keeps_the_points_of_a_schedule_in_order(chances: list[float]) -> None:
    points = spread(RESURRECTION_DELAYS_SECONDS, iter(chances))
    assert list(points) == sorted(points)
    for point, delay in zip(points, RESURRECTION_DELAYS_SECONDS, strict=True):
        assert delay * 0.8 <= point <= delay * 1.2 + 1e-9


@pytest.mark.parametrize(
    ("earliest", "left"),
    [
        (0.1, (2, 5, 10)),
        (6.0, (6.0, 10)),  # the call hung over two points: one call makes up for both
        (2.0, (2.0, 5, 10)),
        (30.0, (30.0,)),  # the server asked for patience beyond the last point
    ],
)
def test_points_that_passed_become_one(earliest: float, left: tuple[float, ...]) -> None:
    assert points_left((2, 5, 10), earliest) == left


def test_a_schedule_that_is_used_up_stays_so() -> None:
    assert points_left((), 200.0) == ()


@pytest.mark.parametrize("status", [None, 302, 429, 500, 502, 503])
def test_trouble_that_passes_is_tried_again(status: int | None) -> None:
    assert worth_retrying(status)


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_answers_that_will_not_change_are_not_tried_again(status: int) -> None:
    assert not worth_retrying(status)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 12 ", 12.0),
        ("86400", LONGEST_RETRY_AFTER_SECONDS),
        ("Fri, 02 Jan 2026 03:04:35 GMT", 30.0),
        ("Fri, 02 Jan 2026 03:04:35 -0000", 30.0),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0.0),
        ("Sun, 02 Jan 2028 03:04:35 GMT", LONGEST_RETRY_AFTER_SECONDS),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("²", None),
        ("Fri, 99 Jan 2026 03:04:35 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_bounded(header: str, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_header_breaks_a_call(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER_SECONDS


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Apps.Example.com/one", "apps.example.com:443"),
        ("http://127.0.0.1:7010", "127.0.0.1:7010"),
        ("http://[::1]:7010/x", "::1:7010"),
        ("http://example.com", "example.com:80"),
        ("http://example.com:99999", "http://example.com:99999"),
    ],
)
def test_a_host_is_its_name_and_port(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("status", "counts"), [(None, True), (500, True), (503, True), (429, False), (404, False)]
)
def test_only_silence_and_server_errors_tell_against_a_host(status: int | None, counts: bool) -> None:
    assert counts_as_failure(status) is counts


def test_five_failures_in_a_row_end_the_trust_in_a_host() -> None:
    assert failing(1, 2, 3, 4).state(LIMITS) is CircuitState.CLOSED
    assert failing(1, 2, 3, 4, 5).state(LIMITS) is CircuitState.TRYING


def test_only_failures_over_longer_than_a_restart_open_the_circuit() -> None:
    many = failing(*(float(second) for second in range(100)))
    assert many.state(LIMITS) is CircuitState.TRYING
    later = after_failure(many, LIMITS, began=BRIDGED_SECONDS, now=BRIDGED_SECONDS)
    assert later.state(LIMITS) is CircuitState.OPEN


def test_any_answer_closes_it() -> None:
    assert after_answer(200.0).state(LIMITS) is CircuitState.CLOSED
    circuit = after_failure(after_answer(200.0), LIMITS, began=201, now=202)
    assert circuit.failures == 1


def test_a_call_that_hung_since_before_the_answer_says_nothing_new() -> None:
    answered = after_answer(200.0)
    assert after_failure(answered, LIMITS, began=195, now=201) == answered


def test_old_failures_are_not_in_a_row_with_new_ones() -> None:
    circuit = after_failure(failing(1, 2, 3, 4), LIMITS, began=700, now=700)
    assert (circuit.failures, circuit.failing_since) == (1, 700)


def test_a_failed_trial_of_an_open_circuit_holds_calls_back_for_another_pause() -> None:
    circuit = failing(1, 2, 3, 4, BRIDGED_SECONDS + 1)
    ends = BRIDGED_SECONDS + 1 + LIMITS.pause_seconds
    assert is_held_back(circuit, LIMITS, ends - 1)
    assert not is_held_back(circuit, LIMITS, ends)
    circuit = after_failure(circuit, LIMITS, began=ends, now=ends + 6)
    assert is_held_back(circuit, LIMITS, ends + LIMITS.pause_seconds)
    assert not is_held_back(circuit, LIMITS, ends + 6 + LIMITS.pause_seconds)


def test_nothing_is_held_back_from_a_host_that_may_be_restarting() -> None:
    assert not is_held_back(failing(1, 2, 3, 4, 5), LIMITS, 6)


def test_a_host_that_answers_gets_a_steady_stream_of_calls() -> None:
    assert next_turn(Circuit(), LIMITS, under_way=3, last_turn=10.0) == pytest.approx(10 + 1 / PER_SECOND)
    assert next_turn(Circuit(), LIMITS, under_way=AT_ONCE, last_turn=10.0) is None


def test_a_host_that_fails_is_tried_by_one_call_at_a_time() -> None:
    circuit = failing(1, 2, 3, 4, 5)
    assert next_turn(circuit, LIMITS, under_way=0, last_turn=5.0) == 5 + TRIAL_GAP_SECONDS
    assert next_turn(circuit, LIMITS, under_way=1, last_turn=5.0) is None


def test_a_host_is_left_alone_as_long_as_it_asks() -> None:
    circuit = after_failure(failing(1, 2, 3, 4), LIMITS, began=5, now=5, retry_after=30)
    assert next_turn(circuit, LIMITS, under_way=0, last_turn=5.0) == 35
