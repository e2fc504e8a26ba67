"""Positions of a session's sound, pauses, and what is kept of it."""

from datetime import timedelta

import pytest

from sessions_app.speech.node.sound import MOST_KEPT_PIECES, MOST_KEPT_SAMPLES, SoundStream
from tests.support.fake_clock import START, FakeClock

FRAME = bytes(640)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stream(clock: FakeClock) -> SoundStream:
    return SoundStream(clock)


def hear(stream: SoundStream, clock: FakeClock, frames: int) -> list[int]:
    positions = []
    for _ in range(frames):
        clock.advance(0.02)
        positions.append(stream.add(FRAME))
    return positions


def test_positions_count_samples(stream: SoundStream, clock: FakeClock) -> None:
    assert hear(stream, clock, 3) == [0, 320, 640]


def test_a_short_pause_is_none(stream: SoundStream, clock: FakeClock) -> None:
    hear(stream, clock, 1)
    clock.advance(0.9)
    assert hear(stream, clock, 1) == [320]


def test_a_long_pause_counts_like_the_sound_it_lacks(stream: SoundStream, clock: FakeClock) -> None:
    hear(stream, clock, 1)
    clock.advance(2.0)
    assert hear(stream, clock, 2) == [320 + 32_000, 640 + 32_000]


def test_sound_that_comes_late_in_a_heap_is_not_counted_twice(stream: SoundStream, clock: FakeClock) -> None:
    hear(stream, clock, 1)
    clock.advance(2.0)
    for _ in range(100):
        stream.add(FRAME)
    ahead = stream.position
    clock.advance(3.0)
    assert stream.add(FRAME) == pytest.approx(ahead + 16_000, abs=640)


def test_what_is_settled_is_kept_no_more(stream: SoundStream, clock: FakeClock) -> None:
    for position in hear(stream, clock, 4):
        stream.keep(position, FRAME)
    stream.settle(700)
    assert stream.first_kept == 640
    assert [position for position, _ in stream.kept_from(0)] == [640, 960]


def test_kept_sound_begins_where_it_is_asked_for(stream: SoundStream) -> None:
    stream.keep(0, b"\0\0\1\1\2\2")
    assert list(stream.kept_from(1)) == [(1, b"\1\1\2\2")]
    assert list(stream.kept_from(3)) == []


def test_of_too_much_the_oldest_gives_way_and_is_counted(stream: SoundStream) -> None:
    second = bytes(32_000)
    dropped = [stream.keep(number * 16_000, second) for number in range(32)]
    assert sum(dropped) == 32 * 16_000 - MOST_KEPT_SAMPLES
    assert stream.first_kept == 2 * 16_000


def test_tiny_pieces_are_bounded_too(stream: SoundStream) -> None:
    assert sum(stream.keep(number, b"\0\0") for number in range(MOST_KEPT_PIECES + 5)) == 5


def test_the_next_owner_counts_on_and_the_time_between_is_a_pause(
    stream: SoundStream, clock: FakeClock
) -> None:
    hear(stream, clock, 50)
    kept = stream.snapshot()
    clock.advance(4.0)
    other_clock = FakeClock(START + timedelta(seconds=100))
    other_clock._start = clock.now()
    other = SoundStream(other_clock)
    other.restore(int(kept["position"]), kept["began"])
    assert other.add(FRAME) == pytest.approx(50 * 320 + 4 * 16_000, abs=640)


def test_the_time_of_words_is_known(stream: SoundStream, clock: FakeClock) -> None:
    clock.advance(10.0)
    stream.add(FRAME)
    clock.advance(5.0)
    assert abs(stream.time_of(1_000) - (START + timedelta(seconds=10.98))) < timedelta(milliseconds=1)


def test_nothing_is_snapshot_before_the_stream_began(stream: SoundStream) -> None:
    assert stream.snapshot() == {}
