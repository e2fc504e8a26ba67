"""WAV files as microphone sound."""

import math
import wave
from array import array
from pathlib import Path

import pytest

from sessions_app.simulator.errors import UnusableSound
from sessions_app.simulator.sound import read_wav, split_frames

RATES = [8_000, 22_050, 44_100, 48_000]


def write_wav(path: Path, data: bytes, *, channels: int = 1, rate: int = 16_000, width: int = 2) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(data)
    return path


def tone(rate: int, hertz: int, seconds: float = 0.5) -> bytes:
    """Build a sine of half the full volume."""
    count = int(rate * seconds)
    return array(
        "h", (int(16_000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(count))
    ).tobytes()


def loudness(sound: bytes) -> float:
    samples = array("h", sound)
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


def test_sound_that_fits_is_taken_as_it_is(tmp_path: Path) -> None:
    data = tone(16_000, 440)
    assert read_wav(write_wav(tmp_path / "a.wav", data)) == data


def test_channels_are_mixed_down(tmp_path: Path) -> None:
    data = array("h", [100, 300, -100, -300]).tobytes()
    path = write_wav(tmp_path / "a.wav", data, channels=2)
    assert array("h", read_wav(path)).tolist() == [200, -200]


@pytest.mark.parametrize("rate", RATES)
def test_other_rates_keep_length_and_loudness(tmp_path: Path, rate: int) -> None:
    sound = read_wav(write_wav(tmp_path / "a.wav", tone(rate, 440), rate=rate))
    assert len(sound) == pytest.approx(16_000, abs=4)
    assert loudness(sound) == pytest.approx(16_000 / math.sqrt(2), rel=0.05)


def test_what_16_khz_cannot_carry_is_damped(tmp_path: Path) -> None:
    sound = read_wav(write_wav(tmp_path / "a.wav", tone(48_000, 16_000), rate=48_000))
    assert loudness(sound) < 1000


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"no sound at all", "is not an uncompressed WAV file"),
        (b"", "is not an uncompressed WAV file"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(UnusableSound, match=complaint) as refusal:
        read_wav(path)
    assert str(path) in str(refusal.value)


def test_a_missing_file_an_empty_one_and_8_bit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableSound, match="cannot be read: No such file"):
        read_wav(tmp_path / "none.wav")
    with pytest.raises(UnusableSound, match="holds no sound"):
        read_wav(write_wav(tmp_path / "empty.wav", b""))
    with pytest.raises(UnusableSound, match="has 8-bit samples. Convert it to 16 bit"):
        read_wav(write_wav(tmp_path / "eight.wav", bytes(100), width=1))


def test_the_last_frame_may_be_short() -> None:
    assert [len(frame) for frame in split_frames(bytes(1500))] == [640, 640, 220]
