"""When an app's server counts as online."""

import pytest

from apps_registry.rules.server_health import Health, next_health, takes_calls


@pytest.mark.parametrize(
    ("status", "good"),
    [
        (200, True),
        (204, True),
        (404, True),
        (405, True),
        (301, False),
        (401, False),
        (403, False),
        (502, False),
    ],
)
def test_who_answers_takes_calls_but_for_redirects_log_ins_and_errors(status: int, good: bool) -> None:
    assert takes_calls(status) is good


def test_no_answer_is_no_server() -> None:
    assert not takes_calls(None)


def test_two_failures_in_a_row_are_offline_and_one_answer_is_online() -> None:
    once = next_health(None, False)
    twice = next_health(once, False)
    assert (once, twice) == (Health(1, True), Health(2, False))
    assert next_health(twice, False) == Health(3, False)
    assert next_health(twice, True) == Health(0, True)


def test_who_asks_by_hand_is_believed_at_once() -> None:
    assert next_health(Health(0, True), False, at_once=True) == Health(1, False)
    assert next_health(Health(1, False), False) == Health(2, False)
