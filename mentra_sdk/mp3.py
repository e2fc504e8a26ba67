"""Turns samples into MP3 as they come, with the library of the extra `sound`."""

from mentra_sdk.errors import RequestRefused

SAMPLE_BYTES = 2
# From 2, the best, to 7, the fastest.
QUALITY = 5


class Mp3Encoder:
    """One sound of signed 16-bit little-endian samples; two channels take turns.

    Raises RequestRefused with the code "ENCODER_MISSING" without the library, ValueError for what it cannot take.
    """

    def __init__(self, *, sample_rate: int, channels: int, kilobits: int) -> None:
        if sample_rate <= 0 or channels not in (1, 2) or kilobits <= 0:
            raise ValueError("samples have a positive rate and bitrate, and one or two channels")
        try:
            import lameenc
        except ImportError as missing:
            extra = 'pip install "open-glasses-sdk[sound]"'
            raise RequestRefused("ENCODER_MISSING", f"samples need an encoder: {extra}") from missing
        self._frame_bytes = SAMPLE_BYTES * channels
        self._rest = b""
        self._encoder = lameenc.Encoder()
        self._encoder.silence()
        self._encoder.set_channels(channels)
        self._encoder.set_in_sample_rate(sample_rate)
        self._encoder.set_bit_rate(kilobits)
        self._encoder.set_quality(QUALITY)

    def encode(self, samples: bytes) -> bytes:
        """Return what is complete with these samples, maybe nothing yet; a piece may end within a sample."""
        samples = self._rest + samples
        whole = len(samples) - len(samples) % self._frame_bytes
        self._rest = samples[whole:]
        return bytes(self._encoder.encode(samples[:whole])) if whole else b""

    def finish(self) -> bytes:
        """Return the rest; call it once, after the last samples."""
        return bytes(self._encoder.flush())
