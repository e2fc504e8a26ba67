"""A socket that waits for its user looks again by itself, ever more rarely, until its time is over."""

from sessions_app.transport.patience import Patience
from tests.support.fake_clock import FakeClock


def test_the_looks_become_rarer_and_end_with_the_time_there_is() -> None:
    clock = FakeClock()
    patience = Patience(clock)
    assert not patience.has_begun
    patience.begin(30.0)
    pauses = []
    while not patience.is_over:
        pauses.append(patience.next_pause())
        clock.advance(pauses[-1])
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 6.5]


def test_being_woken_often_makes_the_time_no_longer() -> None:
    clock = FakeClock()
    patience = Patience(clock)
    patience.begin(4.0)
    for _ in range(20):
        patience.next_pause()
        clock.advance(0.2)
    assert patience.is_over
    assert patience.next_pause() == 0.0
