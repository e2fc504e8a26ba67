"""Sound waits in bounds and is read by position."""

import pytest

from sessions_app.media import sound_buffer
from sessions_app.media.sound_buffer import SoundBuffer


def test_what_was_read_is_read_again_until_the_next_position_is_asked_for() -> None:
    buffer = SoundBuffer()
    for data in (b"one", b"two", b"three"):
        assert buffer.add(data) == 0
    assert buffer.read(0, 4) == (4, b"onet")
    assert buffer.read(0, 100) == (11, b"onetwothree")
    assert buffer.read(4, 100) == (11, b"wothree")
    assert len(buffer) == 7
    assert buffer.read(11, 100) == (11, b"")
    assert len(buffer) == 0


def test_the_oldest_sound_makes_room_and_a_slow_reader_goes_on_behind_the_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sound_buffer, "MOST_BYTES", 10)
    buffer = SoundBuffer()
    buffer.add(b"aaaa")
    buffer.add(b"bbbb")
    assert buffer.add(b"cccc") == 4
    assert buffer.read(0, 100) == (12, b"bbbbcccc")


def test_a_frame_that_does_not_fit_at_all_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_buffer, "MOST_BYTES", 10)
    buffer = SoundBuffer()
    assert buffer.add(b"x" * 11) == 11
    assert (buffer.start, buffer.end, buffer.has_more(0)) == (11, 11, False)


def test_a_reader_from_before_the_sound_was_lost_begins_where_it_begins_anew() -> None:
    buffer = SoundBuffer(sound_buffer.FRESH_START)
    assert not buffer.has_more(700)
    buffer.add(b"new")
    assert buffer.has_more(700)
    assert buffer.read(700, 100) == (sound_buffer.FRESH_START + 3, b"new")
