"""Sound files as the sound of a microphone: PCM16, mono, 16,000 Hz (glasses-socket §6). Knows no socket."""

import wave
from array import array
from collections.abc import Iterator
from pathlib import Path
from sys import byteorder
from typing import TypeAlias

from sessions_app.simulator.errors import UnusableSound

Samples: TypeAlias = "array[int]"

SAMPLE_RATE = 16_000
SAMPLE_BYTES = 2
BYTES_PER_SECOND = SAMPLE_RATE * SAMPLE_BYTES
FRAME_SECONDS = 0.02
FRAME_BYTES = int(BYTES_PER_SECOND * FRAME_SECONDS)


def read_wav(path: str | Path) -> bytes:
    """Return the sound of a WAV file, mixed down and resampled where needed; raises UnusableSound.

    The file must hold uncompressed 16-bit samples; channels and rate are free.
    """
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as problem:
        raise UnusableSound(f"{path} is not an uncompressed WAV file: {problem}.") from problem
    except OSError as problem:
        raise UnusableSound(f"{path} cannot be read: {problem.strerror}.") from problem
    if width != SAMPLE_BYTES:
        raise UnusableSound(
            f"{path} has {width * 8}-bit samples. Convert it to 16 bit, for example with:"
            f" ffmpeg -i {path} -ac 1 -ar {SAMPLE_RATE} -sample_fmt s16 out.wav"
        )
    samples = array("h", data[: len(data) - len(data) % (SAMPLE_BYTES * channels)])
    if not samples:
        raise UnusableSound(f"{path} holds no sound.")
    _swap_on_big_endian(samples)
    resampled = resample(mix_down(samples, channels), rate)
    _swap_on_big_endian(resampled)
    return resampled.tobytes()


def mix_down(samples: Samples, channels: int) -> Samples:
    """Return the mean of interleaved channels."""
    if channels == 1:
        return samples
    tracks = (samples[number::channels] for number in range(channels))
    return array("h", (sum(moment) // channels for moment in zip(*tracks, strict=True)))


def resample(samples: Samples, rate: int) -> Samples:
    """Return the samples at SAMPLE_RATE.

    A higher rate is averaged down, so that what 16 kHz cannot carry does not fold into the voice band; a
    lower one is interpolated.
    """
    if rate == SAMPLE_RATE:
        return samples
    count = len(samples) * SAMPLE_RATE // rate
    step = rate / SAMPLE_RATE
    if step > 1:
        return array("h", (_mean(samples, number * step, (number + 1) * step) for number in range(count)))
    return array("h", (_between(samples, number * step) for number in range(count)))


def silence(seconds: float) -> bytes:
    """Return so much silence."""
    return bytes(SAMPLE_BYTES * int(SAMPLE_RATE * seconds))


def split_frames(sound: bytes) -> Iterator[bytes]:
    """Cut sound into frames of 20 ms; the last may be shorter."""
    for start in range(0, len(sound), FRAME_BYTES):
        yield sound[start : start + FRAME_BYTES]


def _mean(samples: Samples, start: float, end: float) -> int:
    part = samples[int(start) : max(int(end), int(start) + 1)]
    return sum(part) // len(part)


def _between(samples: Samples, position: float) -> int:
    left = int(position)
    right = min(left + 1, len(samples) - 1)
    return round(samples[left] + (samples[right] - samples[left]) * (position - left))


def _swap_on_big_endian(samples: Samples) -> None:
    if byteorder == "big":
        samples.byteswap()
