"""Samples come out of a WAV stream however it is cut, and nothing but PCM16, mono, is taken."""

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.speech.voices.wav import WavReader

SAMPLES = struct.pack("<5h", 1, -2, 3, -4, 5)


def _wav(channels: int = 1, width: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(22_050)
        writer.writeframes(SAMPLES)
    return file.getvalue()


@given(cuts=st.lists(st.integers(1, 50), min_size=1))
def test_samples_come_whole_however_the_stream_is_cut(cuts: list[int]) -> None:
    stream = _wav().replace(b"data", b"LIST\x02\x00\x00\x00abdata")
    reader, found, begin, turn = WavReader(), b"", 0, 0
    while begin < len(stream):
        end = begin + cuts[turn % len(cuts)]
        samples = reader.feed(stream[begin:end])
        assert len(samples) % 2 == 0
        found, begin, turn = found + samples, end, turn + 1

    assert (found, reader.rate) == (SAMPLES, 22_050)


@pytest.mark.parametrize(
    "stream", [_wav(channels=2), _wav(width=1), b"Error: no such voice", b"RIFF0000WAVEdata0000"]
)
def test_other_streams_are_refused(stream: bytes) -> None:
    with pytest.raises(ValueError, match="WAV"):
        WavReader().feed(stream)
