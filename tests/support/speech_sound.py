"""Sound that the scripted engine understands: `sound_of("one two three")` is heard as these words."""

import math
import struct

from sessions_app.speech.engines.tones import (
    CARRIER_HERTZ,
    CARRIER_SAMPLES,
    LETTER_SAMPLES,
    PAUSE_SAMPLES,
    hertz_of,
)
from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE, SAMPLES_A_MILLISECOND

AMPLITUDE = 8000
FRAME_BYTES = 20 * SAMPLES_A_MILLISECOND * SAMPLE_BYTES
# As long as the worker waits before it takes an utterance for over, and some more.
END_OF_UTTERANCE_SECONDS = 0.7


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * SAMPLE_RATE) * SAMPLE_BYTES)


def sound_of(text: str, *, ends: bool = True) -> bytes:
    """Return PCM16 (mono, 16,000 Hz) of the words; with `ends`, and of the silence that makes them an utterance."""
    sound = b"".join(map(_word, text.split()))
    return sound + silence(END_OF_UTTERANCE_SECONDS) if ends else sound


def frames_of(sound: bytes, frame_bytes: int = FRAME_BYTES) -> list[bytes]:
    """Cut sound into frames of 20 ms, as a phone sends it."""
    return [sound[begin : begin + frame_bytes] for begin in range(0, len(sound), frame_bytes)]


def _word(word: str) -> bytes:
    letters = b"".join(_tone(hertz_of(letter), LETTER_SAMPLES) for letter in word)
    return _tone(CARRIER_HERTZ, CARRIER_SAMPLES) + letters + bytes(PAUSE_SAMPLES * SAMPLE_BYTES)


def _tone(hertz: float, count: int) -> bytes:
    step = 2 * math.pi * hertz / SAMPLE_RATE
    samples = [int(AMPLITUDE * math.sin(step * index)) for index in range(count)]
    return struct.pack(f"<{count}h", *samples)
