"""LC3 as glasses send it: 16 kHz mono in frames of 10 ms, decoded to PCM16 (glasses-socket §6).

About 8 µs a frame, so it may run where frames arrive. The library's own decoder class never frees its memory; this
one lends the codec memory that Python frees.
"""

import ctypes
from functools import lru_cache
from typing import Any, Final

import lc3

FRAME_BYTES: Final = (20, 40, 60)
FRAME_MICROSECONDS: Final = 10_000
SAMPLE_RATE_HZ: Final = 16_000
PCM_BYTES: Final = 320
_PCM16: Final = 0


@lru_cache(maxsize=1)
def _library() -> Any:
    """Return the codec with the signatures of its functions declared."""
    return lc3.Decoder(FRAME_MICROSECONDS, SAMPLE_RATE_HZ).lib


class Lc3Decoder:
    """Decodes the messages of one stream; a frame's sound depends on those before it.

    `errors` counts messages with bytes left over and frames that are no LC3.
    """

    __slots__ = ("_decoder", "_frame_bytes", "_memory", "_pcm", "errors")

    def __init__(self, frame_bytes: int) -> None:
        """Take frames of `frame_bytes`, one of FRAME_BYTES; raises ValueError for another length."""
        if frame_bytes not in FRAME_BYTES:
            raise ValueError(f"LC3 frames have {', '.join(map(str, FRAME_BYTES))} bytes, not {frame_bytes}")
        library = _library()
        size = library.lc3_hr_decoder_size(False, FRAME_MICROSECONDS, SAMPLE_RATE_HZ)
        self._memory = ctypes.create_string_buffer(size)
        self._decoder = library.lc3_hr_setup_decoder(
            False, FRAME_MICROSECONDS, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ, self._memory
        )
        self._pcm = ctypes.create_string_buffer(PCM_BYTES)
        self._frame_bytes = frame_bytes
        self.errors = 0

    def feed(self, message: bytes) -> bytes:
        """Return the sound of the whole frames in `message`; the rest of it is dropped and counted.

        A frame that cannot be decoded gives the codec's guess of what it was: 10 ms of sound all the same.
        """
        size, decode = self._frame_bytes, _library().lc3_decode
        frames = len(message) // size
        if len(message) % size:
            self.errors += 1
        decoded = []
        for number in range(frames):
            frame = message[number * size : (number + 1) * size]
            if decode(self._decoder, frame, size, _PCM16, self._pcm, 1):
                self.errors += 1
            decoded.append(self._pcm.raw)
        return b"".join(decoded)
