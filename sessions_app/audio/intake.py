"""Sound from the phone, frame by frame (glasses-socket §6): whole samples only, and only while the microphone is on."""

from typing import Protocol

from sessions_app.audio.microphone import Microphone
from sessions_app.audio.pcm import PcmCarry


class Hearing(Protocol):
    """Whoever the sound is for."""

    def audio(self, frame: bytes) -> None:
        """Take a frame of PCM16, mono, 16 kHz, of an even length greater than zero."""


class AudioIntake:
    """Counts, completes and passes on the binary frames of one session.

    `received_bytes` counts everything that came, heard or not.
    """

    def __init__(self, hearing: Hearing, microphone: Microphone) -> None:
        self._hearing = hearing
        self.microphone = microphone
        self._carry = PcmCarry()
        self.received_bytes = 0

    def take(self, frame: bytes) -> None:
        """Take a binary frame of the phone; sound nobody may hear is counted and dropped."""
        self.received_bytes += len(frame)
        if not self.microphone.audio_received():
            return
        samples = self._carry.feed(frame)
        if samples:
            self._hearing.audio(samples)
