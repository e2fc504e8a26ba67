"""Samples cut in two are put together again."""

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.audio.pcm import PcmCarry


def test_a_whole_frame_is_passed_on_as_it_is() -> None:
    frame = bytes(640)
    assert PcmCarry().feed(frame) is frame


def test_an_odd_byte_waits_for_the_next_frame() -> None:
    carry = PcmCarry()
    assert carry.feed(b"abc") == b"ab"
    assert carry.feed(b"def") == b"cdef"


def test_a_single_byte_gives_nothing_yet() -> None:
    assert PcmCarry().feed(b"a") == b""


def test_a_reset_forgets_the_byte() -> None:
    carry = PcmCarry()
    carry.feed(b"a")
    carry.reset()
    assert carry.feed(b"bc") == b"bc"


@given(st.lists(st.binary(max_size=9)))
def test_no_byte_is_lost_or_moved(frames: list[bytes]) -> None:
    carry = PcmCarry()
    fed = [carry.feed(frame) for frame in frames]
    sent = b"".join(frames)
    assert all(len(each) % 2 == 0 for each in fed)
    assert b"".join(fed) == sent[: len(sent) // 2 * 2]
