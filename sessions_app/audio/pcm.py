"""PCM16 audio as the phone sends it: any number of bytes, of which a sample may be cut in two.

Must not know who hears it.
"""


class PcmCarry:
    """Keeps the odd byte of a frame for the next one (glasses-socket §6)."""

    __slots__ = ("_carried",)

    def __init__(self) -> None:
        self._carried = b""

    def feed(self, frame: bytes) -> bytes:
        """Return what was kept and `frame` as whole 16-bit samples; empty when there is none."""
        if self._carried:
            frame = self._carried + frame
            self._carried = b""
        if len(frame) % 2:
            self._carried = frame[-1:]
            return frame[:-1]
        return frame

    def reset(self) -> None:
        """Forget the kept byte, because the audio starts anew."""
        self._carried = b""
