"""Turns samples into MP3 as they come. Blocking: call it in a thread."""

from typing import Final

KILOBITS: Final = 64
# From 2, the best, to 7, the fastest: speech gains nothing below this.
_QUALITY: Final = 5


class Mp3Encoder:
    """One sound: PCM16, mono, of one sample rate."""

    def __init__(self, rate: int) -> None:
        import lameenc

        self._encoder = lameenc.Encoder()
        self._encoder.silence()
        self._encoder.set_channels(1)
        self._encoder.set_in_sample_rate(rate)
        self._encoder.set_bit_rate(KILOBITS)
        self._encoder.set_quality(_QUALITY)

    def encode(self, samples: bytes) -> bytes:
        """Return what is complete with these samples, maybe nothing yet."""
        return bytes(self._encoder.encode(samples))

    def finish(self) -> bytes:
        """Return the rest; call it once, after the last samples."""
        return bytes(self._encoder.flush())
