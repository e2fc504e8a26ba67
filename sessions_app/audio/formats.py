"""In which form the phone sends sound, as it configured it (glasses-socket §6, rest §2). Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sessions_app.audio.lc3 import FRAME_BYTES, FRAME_MICROSECONDS, SAMPLE_RATE_HZ, Lc3Decoder
from sessions_app.audio.pcm import PcmCarry


class InvalidAudioFormat(ValueError):
    """The phone asked for a form of sound that cannot be decoded; the text says which can."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """PCM16, or LC3 with so many bytes to a frame; both mono, 16 kHz."""

    lc3_frame_bytes: int | None = None

    def decoder(self) -> Callable[[bytes], bytes]:
        """Return what turns one message after the other into whole samples of PCM16."""
        return PcmCarry().feed if self.lc3_frame_bytes is None else Lc3Decoder(self.lc3_frame_bytes).feed


PCM = AudioFormat()


def read_audio_format(body: Mapping[str, Any]) -> AudioFormat:
    """Return the format of a configure call: `format` "pcm" or "lc3" and, for lc3, `lc3Config`.

    Raises InvalidAudioFormat.
    """
    kind = body.get("format")
    if kind == "pcm":
        return PCM
    if kind != "lc3":
        raise InvalidAudioFormat('format must be "pcm" or "lc3"')
    config = body.get("lc3Config")
    if not isinstance(config, Mapping):
        raise InvalidAudioFormat("lc3Config must be an object")
    rate, duration = config.get("sampleRate"), config.get("frameDurationMs")
    if rate != SAMPLE_RATE_HZ or duration != FRAME_MICROSECONDS / 1_000:
        raise InvalidAudioFormat("LC3 must have a sampleRate of 16000 and a frameDurationMs of 10")
    frame_bytes = config.get("frameSizeBytes")
    if frame_bytes not in FRAME_BYTES:
        raise InvalidAudioFormat(f"frameSizeBytes must be one of {', '.join(map(str, FRAME_BYTES))}")
    return AudioFormat(frame_bytes)
