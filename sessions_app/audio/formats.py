"""In which form the phone sends sound, as it configured it (glasses-socket §6, rest §2). Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sessions_app.audio.lc3 import FRAME_BYTES, Lc3Decoder
from sessions_app.audio.pcm import PcmCarry


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """PCM16, or LC3 with so many bytes to a frame; both mono, 16 kHz."""

    lc3_frame_bytes: int | None = None

    @property
    def name(self) -> str:
        """The format as phones call it."""
        return "pcm" if self.lc3_frame_bytes is None else "lc3"

    def decoder(self) -> Callable[[bytes], bytes]:
        """Return what turns one message after the other into whole samples of PCM16."""
        return PcmCarry().feed if self.lc3_frame_bytes is None else Lc3Decoder(self.lc3_frame_bytes).feed


PCM = AudioFormat()


def read_audio_format(body: Mapping[str, Any]) -> AudioFormat:
    """Return the format of a configure call, whose `format` is "pcm" or "lc3".

    LC3 comes at 16 kHz in frames of 10 ms, whatever `lc3Config` says; another `frameSizeBytes` than those that exist
    counts as 20, the smallest.
    """
    if body["format"] == "pcm":
        return PCM
    size = (body.get("lc3Config") or {}).get("frameSizeBytes")
    return AudioFormat(next((known for known in FRAME_BYTES if known == size), FRAME_BYTES[0]))
