"""FLV, in which ffmpeg takes and gives what RTMP carries: the same messages with other headers. Pure."""

import struct
from dataclasses import dataclass
from typing import Final

HEADER: Final = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
_TAG_HEADER_BYTES: Final = 11
_MOST_TAG_BYTES: Final = 8 << 20

AUDIO: Final = 8
VIDEO: Final = 9
DATA: Final = 18
_AAC: Final = 10
_BARE_AAC_BYTES: Final = 2
_AVC: Final = 7
_KEY_FRAME: Final = 1
# Codecs that came later than FLV say so in the first bit; the kind of packet is where the codec was.
_NEWER_CODEC: Final = 0x80


class FlvError(ValueError):
    """Bytes that are no FLV."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A piece of sound, picture or description; `at` in milliseconds."""

    kind: int
    at: int
    body: bytes

    @property
    def is_set_up(self) -> bool:
        """Whether it says how to decode what follows: without it nothing can be played."""
        if self.kind == DATA:
            return True
        if self.kind == VIDEO and self.body[0] & _NEWER_CODEC:
            return self.body[0] & 0x0F == 0
        codec = self.body[0] >> 4 if self.kind == AUDIO else self.body[0] & 0x0F
        return len(self.body) > 1 and codec == (_AAC if self.kind == AUDIO else _AVC) and self.body[1] == 0

    @property
    def is_hollow(self) -> bool:
        """Whether it announces a set-up without one, as ffmpeg does before it knows; the real one follows."""
        return self.kind == AUDIO and self.is_set_up and len(self.body) == _BARE_AAC_BYTES

    @property
    def is_key_frame(self) -> bool:
        """Whether a picture can be shown without the ones before it."""
        return self.kind == VIDEO and self.body[0] >> 4 & 0x07 == _KEY_FRAME and not self.is_set_up

    def encode(self) -> bytes:
        """Return it as bytes of an FLV file."""
        length = len(self.body).to_bytes(3, "big")
        time = (self.at & 0xFFFFFF).to_bytes(3, "big") + bytes([self.at >> 24 & 0xFF])
        size = struct.pack(">I", _TAG_HEADER_BYTES + len(self.body))
        return bytes([self.kind]) + length + time + b"\0\0\0" + self.body + size


class TagReader:
    """Reads tags from an FLV as it comes."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._has_begun = False

    def feed(self, data: bytes) -> list[Tag]:
        """Take bytes and return the tags they complete; raises FlvError."""
        self._buffer += data
        if not self._has_begun:
            if len(self._buffer) < len(HEADER):
                return []
            if self._buffer[:4] != HEADER[:4]:
                raise FlvError("this is no FLV")
            del self._buffer[: len(HEADER)]
            self._has_begun = True
        tags = []
        while len(self._buffer) >= _TAG_HEADER_BYTES:
            length = int.from_bytes(self._buffer[1:4], "big")
            if length > _MOST_TAG_BYTES:
                raise FlvError(f"a tag of {length} bytes is too long")
            end = _TAG_HEADER_BYTES + length + 4
            if len(self._buffer) < end:
                break
            at = int.from_bytes(self._buffer[4:7], "big") | self._buffer[7] << 24
            tags.append(Tag(self._buffer[0] & 0x1F, at, bytes(self._buffer[_TAG_HEADER_BYTES : end - 4])))
            del self._buffer[:end]
        return tags
