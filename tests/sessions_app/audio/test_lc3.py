"""LC3 to PCM16: frames of each size, left-over bytes, and nothing that breaks it."""

import array
import math

import lc3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.audio.lc3 import FRAME_BYTES, PCM_BYTES, Lc3Decoder

TONE_HZ = 440


def _tone(frames: int) -> list[bytes]:
    """Return a tone in pieces of 10 ms."""
    samples = [round(12_000 * math.sin(2 * math.pi * TONE_HZ * n / 16_000)) for n in range(160 * frames)]
    return [array.array("h", samples[n * 160 : (n + 1) * 160]).tobytes() for n in range(frames)]


def _encoded(frame_bytes: int, frames: int = 50) -> bytes:
    encoder = lc3.Encoder(10_000, 16_000)
    return b"".join(encoder.encode(piece, frame_bytes, 16) for piece in _tone(frames))


def _crossings(sound: bytes) -> int:
    samples = array.array("h", sound)
    return sum(a < 0 <= b for a, b in zip(samples, samples[1:], strict=False))


@pytest.mark.parametrize("frame_bytes", FRAME_BYTES)
def test_a_tone_comes_out_as_it_went_in(frame_bytes: int) -> None:
    decoder = Lc3Decoder(frame_bytes)
    sound = decoder.feed(_encoded(frame_bytes))
    assert len(sound) == 50 * PCM_BYTES
    settled = sound[10 * PCM_BYTES :]
    assert abs(_crossings(settled) - TONE_HZ * 0.4) <= 2
    assert decoder.errors == 0


def test_messages_may_hold_any_number_of_frames() -> None:
    encoded = _encoded(40)
    one, many = Lc3Decoder(40), Lc3Decoder(40)
    pieces = b"".join(many.feed(encoded[begin : begin + 120]) for begin in range(0, len(encoded), 120))
    assert pieces == one.feed(encoded)


def test_bytes_left_over_are_dropped_and_counted() -> None:
    decoder = Lc3Decoder(20)
    assert len(decoder.feed(_encoded(20, frames=2) + b"xyz")) == 2 * PCM_BYTES
    assert decoder.errors == 1


@pytest.mark.parametrize("frame_bytes", [0, 19, 41, 160])
def test_other_frame_sizes_are_refused(frame_bytes: int) -> None:
    with pytest.raises(ValueError, match="20, 40, 60"):
        Lc3Decoder(frame_bytes)


@given(st.sampled_from(FRAME_BYTES), st.lists(st.binary(max_size=200), max_size=20))
def test_no_bytes_break_it_and_each_frame_gives_10_ms(frame_bytes: int, messages: list[bytes]) -> None:
    decoder = Lc3Decoder(frame_bytes)
    for message in messages:
        assert len(decoder.feed(message)) == len(message) // frame_bytes * PCM_BYTES
