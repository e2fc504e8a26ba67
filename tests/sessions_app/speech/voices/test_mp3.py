"""Samples become MP3 of the same length as they come."""

import math
import struct

import pytest

from sessions_app.speech.voices.mp3 import Mp3Encoder
from tests.support.mp3 import length_of

RATE = 24_000


def test_a_tone_becomes_mp3_piece_by_piece() -> None:
    pytest.importorskip("lameenc", reason="needs lameenc of requirements-speech.txt")
    encoder = Mp3Encoder(RATE)
    tone = struct.pack(f"<{RATE}h", *(int(9_000 * math.sin(at / 12)) for at in range(RATE)))

    pieces = [encoder.encode(tone), encoder.encode(tone), encoder.finish()]

    assert all(pieces)
    assert sum(map(len, pieces)) == pytest.approx(16_000, rel=0.05)
    assert length_of(b"".join(pieces)) == pytest.approx(2.0, abs=0.15)
