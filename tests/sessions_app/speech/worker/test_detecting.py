"""What is taken for speech: by loudness, and by the model where it is installed."""

import random
import struct
import wave
from pathlib import Path

import pytest

from sessions_app.speech.wire import SAMPLE_RATE
from sessions_app.speech.worker import detecting
from sessions_app.speech.worker.detecting import Ear, EnergyDetector, make_detector
from sessions_app.speech.worker.intake import WINDOW_SAMPLES
from tests.support.speech_sound import silence, sound_of

RECORDING = Path(__file__).resolve().parents[3] / "data/speech/sense_and_sensibility_1.wav"


def noise(seconds: float, loudness: float) -> bytes:
    source = random.Random(1)  # noqa: S311 - the same noise every time
    count = int(seconds * SAMPLE_RATE)
    return struct.pack(f"<{count}h", *(int(source.gauss(0, loudness)) for _ in range(count)))


def recorded() -> bytes:
    """Return two seconds of a person who reads, with the noise of the room."""
    with wave.open(str(RECORDING)) as file:
        file.setpos(SAMPLE_RATE)
        sound: bytes = file.readframes(2 * SAMPLE_RATE)
    return sound


def share_of_speech(ear: Ear, sound: bytes) -> float:
    judged = ear.judge(sound)
    return sum(each >= 0.5 for each in judged) / len(judged)


@pytest.fixture(scope="module")
def silero() -> detecting.Detector:
    pytest.importorskip("onnxruntime", reason="needs requirements-speech.txt")
    pytest.importorskip("faster_whisper", reason="needs requirements-speech.txt")
    return make_detector("silero")


def test_loud_is_speech_and_quiet_is_none() -> None:
    ear = EnergyDetector().new_ear()

    assert share_of_speech(ear, noise(2.0, 60)) == 0
    assert share_of_speech(ear, sound_of("one two three", ends=False)) > 0.8
    assert share_of_speech(ear, silence(1)) == 0


def test_noise_that_stays_is_no_speech_for_long() -> None:
    ear = EnergyDetector().new_ear()
    hum = noise(1.0, 600)
    for _ in range(30):
        ear.judge(hum)

    assert share_of_speech(ear, hum) == 0
    ear.reset()
    assert share_of_speech(ear, hum) > 0.9


def test_each_window_is_judged_also_a_shorter_last_one(silero: detecting.Detector) -> None:
    for ear in (EnergyDetector().new_ear(), silero.new_ear()):
        assert len(ear.judge(noise(1.0, 60)[: 2 * (3 * WINDOW_SAMPLES + 100)])) == 4
        assert ear.judge(b"") == []


def test_the_model_knows_speech_from_noise(silero: detecting.Detector) -> None:
    assert silero.name == "silero"
    assert share_of_speech(silero.new_ear(), noise(3.0, 2000)) < 0.1
    assert share_of_speech(silero.new_ear(), recorded()) > 0.6


def test_windows_together_are_judged_as_one_by_one(silero: detecting.Detector) -> None:
    sound = recorded()
    together, alone = silero.new_ear(), silero.new_ear()
    size = 2 * WINDOW_SAMPLES

    assert together.judge(sound) == pytest.approx(
        [alone.judge(sound[begin : begin + size])[0] for begin in range(0, len(sound), size)], abs=0.01
    )


def test_without_the_model_loudness_decides(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    assert make_detector("silero").name == "energy"
    assert "pip install -r requirements-speech.txt" in caplog.text
