"""Takes the samples out of a WAV stream whose length is not known yet. Pure."""

from struct import Struct
from typing import Final

_RIFF: Final = Struct("<4sI4s")
_CHUNK: Final = Struct("<4sI")
_FORMAT: Final = Struct("<HHIIHH")
_PCM, _MONO, _BITS = 1, 1, 16
_SAMPLE_BYTES: Final = 2


class WavReader:
    """One stream: PCM16, mono. `rate` is known as soon as samples come out."""

    def __init__(self) -> None:
        self.rate = 0
        self._rest = b""
        self._in_samples = False

    def feed(self, data: bytes) -> bytes:
        """Return the whole samples that are known by now; raises ValueError if it is no such WAV."""
        self._rest += data
        if not self._in_samples and not self._read_head():
            return b""
        end = len(self._rest) - len(self._rest) % _SAMPLE_BYTES
        samples, self._rest = self._rest[:end], self._rest[end:]
        return samples

    def _read_head(self) -> bool:
        """Whether the head is complete; then what is left are samples."""
        if len(self._rest) < _RIFF.size:
            return False
        riff, _, wave = _RIFF.unpack_from(self._rest)
        if (riff, wave) != (b"RIFF", b"WAVE"):
            raise ValueError("This is no WAV")
        place = _RIFF.size
        while len(self._rest) >= place + _CHUNK.size:
            name, size = _CHUNK.unpack_from(self._rest, place)
            place += _CHUNK.size
            if name == b"data":
                self._begin_samples(place)
                return True
            if name == b"fmt ":
                if len(self._rest) < place + _FORMAT.size:
                    return False
                self._read_format(place)
            place += size
        return False

    def _read_format(self, place: int) -> None:
        kind, channels, rate, _, _, bits = _FORMAT.unpack_from(self._rest, place)
        if (kind, channels, bits) != (_PCM, _MONO, _BITS):
            raise ValueError("Only WAV of PCM16, mono, can be read")
        self.rate = rate

    def _begin_samples(self, place: int) -> None:
        if not self.rate:
            raise ValueError("The WAV says nothing of its format")
        self._in_samples = True
        self._rest = self._rest[place:]
