"""Sound from the phone, by its socket or by UDP (glasses-socket §6): whole samples, only while the microphone is on."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sessions_app.audio.formats import PCM, AudioFormat
from sessions_app.audio.lc3 import FRAME_BYTES
from sessions_app.audio.microphone import Microphone
from sessions_app.audio.udp_port import udp_port
from sessions_app.audio.udp_source import SoundCounts, UdpSource
from sessions_app.clock import Clock

UDP_FIRST_SECONDS = 2.0


class Hearing(Protocol):
    """Whoever the sound is for."""

    def audio(self, frame: bytes) -> None:
        """Take a frame of PCM16, mono, 16 kHz, of an even length greater than zero."""


class AudioIntake:
    """Counts, decodes and passes on the sound of one session. `answer_ping` tells the phone that UDP gets through."""

    def __init__(
        self,
        user_id: str,
        hearing: Hearing,
        microphone: Microphone,
        clock: Clock,
        answer_ping: Callable[[], None],
    ) -> None:
        self._hearing = hearing
        self._clock = clock
        self._udp_first_until = 0.0
        self.microphone = microphone
        self.counts = SoundCounts()
        self.udp = UdpSource(user_id, self, clock, answer_ping)
        self.configure(PCM)

    def configure(self, audio_format: AudioFormat) -> None:
        """Expect sound in this form from now on; what the last form left over is forgotten."""
        self.format = audio_format
        self._decode = audio_format.decoder()

    def take(self, message: bytes) -> None:
        """Take a binary frame of the phone's socket; it is dropped while sound comes by UDP as well."""
        if self._udp_first_until:
            if self._clock.monotonic() < self._udp_first_until:
                self.counts.dropped += 1
                return
            self._begin_anew()
            self._udp_first_until = 0.0
        self._hear(message)

    def take_datagram(self, sound: bytes) -> None:
        """Take what one packet carried, in its turn."""
        if not self._udp_first_until:
            self._begin_anew()
        self._udp_first_until = self._clock.monotonic() + UDP_FIRST_SECONDS
        self._hear(sound)

    def _begin_anew(self) -> None:
        """Forget half a sample: what goes on by another way does not begin with the other half."""
        self._decode = self.format.decoder()

    def _hear(self, message: bytes) -> None:
        self.counts.received_bytes += len(message)
        if not self.microphone.audio_received():
            return
        samples = self._decode(message)
        if samples:
            self._hearing.audio(samples)

    def take_counts(self) -> SoundCounts:
        """Return what was counted and start from zero."""
        counts, self.counts = self.counts, SoundCounts()
        return counts

    def snapshot(self) -> dict[str, Any]:
        """Return what the next owner must know to understand the sound, JSON-able."""
        return {"lc3": self.format.lc3_frame_bytes, "udpKey": self.udp.snapshot()}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Expect what the last owner expected."""
        self.udp.restore(kept)
        frame_bytes = kept.get("lc3")
        if frame_bytes in FRAME_BYTES:
            self.configure(AudioFormat(frame_bytes))

    def close(self) -> None:
        """Stop every timer; nothing is heard or sent any more."""
        self.microphone.close()
        udp_port.forget(self.udp)
