"""Frames between nodes and speech workers survive any cut of the stream, and nothing else passes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.speech.wire import (
    BadFrame,
    Beat,
    Control,
    Frame,
    FrameReader,
    OpenChannel,
    RecognizerWish,
    Sound,
    Spoken,
    Words,
    pack,
    pack_sound,
    pack_spoken,
)

OPEN = OpenChannel(
    channel=7,
    session_id="s-1",
    generation=3,
    position=4_800,
    recognizers=(RecognizerWish("en-US", targets=("pt-BR",), vocabulary=("Mentra",)),),
    utterance="u-1",
)
WORDS = Words(
    channel=7,
    setting="en-US",
    utterance="u-1",
    text="hello",
    is_final=True,
    start=0,
    end=900,
    language="en",
    provider="scripted",
    number=4,
)


@given(cuts=st.lists(st.integers(1, 40), min_size=1))
def test_frames_come_out_as_they_went_in_however_the_stream_is_cut(cuts: list[int]) -> None:
    stream = b"".join(
        (pack(OPEN), pack_sound(7, 2**40, b"\1\2\3\4"), pack_spoken(9, b"mp3"), pack(WORDS), pack(Beat()))
    )
    reader, begin, turn = FrameReader(), 0, 0
    found: list[Frame] = []
    while begin < len(stream):
        end = begin + cuts[turn % len(cuts)]
        found += reader.feed(stream[begin:end])
        begin, turn = end, turn + 1

    assert found == [OPEN, Sound(7, 2**40, b"\1\2\3\4"), Spoken(9, b"mp3"), WORDS, Beat()]


@given(data=st.binary(max_size=300))
def test_garbage_is_a_bad_frame_or_an_unfinished_one(data: bytes) -> None:
    try:
        for frame in FrameReader().feed(data):
            assert isinstance(frame, Control | Sound | Spoken)
    except BadFrame:
        pass


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\0\1",
        b"\xff\xff\xff\xff\1",
        b"\2\0\0\0\7x",
        b"\4\0\0\0\2abc",
        b"\2\0\0\0\1" + msgspec.msgpack.encode(5),
    ],
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(BadFrame):
        list(FrameReader().feed(data))
