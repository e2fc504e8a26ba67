"""Packets of sound in order: what is held, what is given up, what is dropped."""

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.audio.reordering import LARGEST_GAP, LONGEST_WAIT_SECONDS, MOST_HELD, Reordering

FIRST = 65_530  # near the end of the numbers, so that every test wraps


def _packet(number: int) -> tuple[int, bytes]:
    return (FIRST + number) % 65_536, str(number).encode()


def _play(order: list[int], *, apart: float = 0.0) -> tuple[Reordering, list[int]]:
    """Take packets in this order; return what was played, with the end waited for."""
    stream = Reordering()
    played: list[bytes] = []
    for step, number in enumerate(order):
        played += stream.take(*_packet(number), step * apart)
    played += stream.due(len(order) * apart + LONGEST_WAIT_SECONDS)
    return stream, [int(each) for each in played]


def test_what_comes_in_order_is_played_at_once() -> None:
    stream = Reordering()
    assert [stream.take(*_packet(number), 0.0) for number in range(8)] == [
        [str(number).encode()] for number in range(8)
    ]
    assert stream.wakes_at is None


def test_what_comes_too_early_waits_for_what_is_missing() -> None:
    stream = Reordering()
    stream.take(*_packet(0), 0.0)
    assert stream.take(*_packet(2), 1.0) == []
    assert stream.wakes_at == 1.0 + LONGEST_WAIT_SECONDS
    assert stream.take(*_packet(1), 1.01) == [b"1", b"2"]
    assert stream.lost == 0


def test_nobody_waits_longer_than_20_ms() -> None:
    stream = Reordering()
    stream.take(*_packet(0), 0.0)
    stream.take(*_packet(2), 1.0)
    stream.take(*_packet(5), 1.015)
    assert stream.due(1.019) == []
    assert stream.due(1.02) == [b"2"]
    assert stream.due(1.035) == [b"5"]
    assert stream.lost == 3


def test_a_packet_too_many_ends_the_wait() -> None:
    stream = Reordering()
    stream.take(*_packet(0), 0.0)
    held = [stream.take(*_packet(number), 0.0) for number in range(2, 2 + MOST_HELD)]
    assert held == [[]] * MOST_HELD
    assert len(stream.take(*_packet(2 + MOST_HELD), 0.0)) == MOST_HELD + 1
    assert stream.lost == 1


def test_what_comes_twice_or_late_is_dropped() -> None:
    stream, played = _play([0, 1, 1, 3, 3, 0, 2, 2])
    assert played == [0, 1, 2, 3]
    assert (stream.late, stream.lost) == (4, 0)


def test_a_phone_that_counts_anew_is_followed() -> None:
    stream, played = _play([0, 1, 3, LARGEST_GAP + 10, LARGEST_GAP + 11])
    assert played == [0, 1, 3, LARGEST_GAP + 10, LARGEST_GAP + 11]
    assert stream.lost == 0


@given(st.permutations(range(MOST_HELD)))
def test_any_order_within_the_window_is_played_in_order(order: list[int]) -> None:
    stream, played = _play([0, *(number + 1 for number in order)])
    assert played == list(range(MOST_HELD + 1))
    assert stream.lost == 0


@given(st.lists(st.integers(0, 65_535), max_size=60))
def test_no_stream_of_numbers_breaks_it_or_piles_up(numbers: list[int]) -> None:
    stream = Reordering()
    played = 0
    for step, number in enumerate(numbers):
        played += len(stream.take(number, b"x", step / 1_000))
        played += len(stream.due(step / 1_000))
        assert len(stream._held) <= MOST_HELD
    played += len(stream.due(1e9))
    assert played + stream.late == len(numbers)
    assert stream.wakes_at is None
