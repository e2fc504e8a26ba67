"""Where somebody stands follows from what is true, not from what they clicked."""

import pytest

from consoles.developer.tour.steps import Facts, is_finished, steps_of


@pytest.mark.parametrize(
    ("facts", "states"),
    [
        (Facts(), "now later later later later"),
        (Facts(has_app=True), "done now later later later"),
        (Facts(has_app=True, has_key=True), "done done now now later"),
        (Facts(has_app=True, has_key=True, has_connected=True), "done done done done now"),
        (Facts(has_app=True, has_connected=True), "done done done done now"),
        (Facts(has_app=True, has_key=True, has_connected=True, has_run=True), "done done done done done"),
        (Facts(has_app=True, has_run=True), "done done done done done"),
    ],
)
def test_each_step_is_done_now_or_later(facts: Facts, states: str) -> None:
    steps = steps_of(facts)
    assert " ".join(step.state for step in steps) == states
    assert [step.number for step in steps] == [1, 2, 3, 4, 5]
    assert is_finished(steps) is facts.has_run
