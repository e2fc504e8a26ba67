"""How long MP3 plays, found out by decoding it; tests that ask skip where the decoder is not installed."""

import io

import pytest


def length_of(sound: bytes) -> float:
    """Return the seconds that all frames of `sound` play; 0 if there is none."""
    av = pytest.importorskip("av", reason="needs PyAV, which requirements-speech.txt brings along")
    with av.open(io.BytesIO(sound), format="mp3") as container:
        return float(sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0)))
