"""Sound of one session in memory: what would be heard, what the phone would be told."""

from dataclasses import dataclass, field

import pytest

from sessions_app.audio.intake import AudioIntake
from sessions_app.audio.microphone import Microphone
from sessions_app.protocol.microphone import PCM, MicrophoneNeed
from tests.support.fake_clock import FakeClock

USER = "ada@example.com"


@dataclass
class Ear:
    """Keeps what it hears."""

    heard: list[bytes] = field(default_factory=list)

    def audio(self, frame: bytes) -> None:
        self.heard.append(frame)


@dataclass
class Sound:
    """An intake whose microphone is on, and what surrounds it."""

    intake: AudioIntake
    ear: Ear
    clock: FakeClock
    pongs: list[float]


def make_sound(user: str = USER) -> Sound:
    """Return the sound of a session whose phone is there and whose apps want to hear."""
    clock, ear, pongs = FakeClock(), Ear(), list[float]()
    microphone = Microphone(lambda need: None, clock)
    intake = AudioIntake(user, ear, microphone, clock, lambda: pongs.append(clock.monotonic()))
    microphone.phone_attached()
    microphone.set_need(MicrophoneNeed(enabled=True, required_data=PCM, bypass_vad=False))
    clock.advance(1)
    return Sound(intake, ear, clock, pongs)


@pytest.fixture
def sound() -> Sound:
    """One session's sound."""
    return make_sound()
