"""RTMP's chunk stream: messages cut into chunks that may alternate (RTMP specification §5.3). Pure."""

import struct
from dataclasses import dataclass, field
from typing import Final

_FIRST_CHUNK_BYTES: Final = 128
_MOST_CHUNK_BYTES: Final = 1 << 20
# A key frame of 4K is about a megabyte; somebody who has not shown a key yet sends commands only.
MOST_MESSAGE_BYTES: Final = 8 << 20
_MOST_COMMAND_BYTES: Final = 16 << 10
_MOST_STREAMS: Final = 32
_EXTENDED: Final = 0xFFFFFF
_HEADER_BYTES: Final = (11, 7, 3, 0)
_WHOLE, _SAME_STREAM, _BARE = 0, 1, 3

SET_CHUNK_SIZE: Final = 1
ABORT: Final = 2


class ChunkError(ValueError):
    """The other side does not speak RTMP, or wants more memory than a stream ever needs."""


@dataclass(frozen=True, slots=True)
class Message:
    """One RTMP message; `at` is its time in milliseconds."""

    kind: int
    at: int
    stream: int
    body: bytes


@dataclass(slots=True)
class _Unfinished:
    """What is known of the last message of a chunk stream, and what has come of the one under way."""

    kind: int = 0
    at: int = 0
    step: int = 0
    length: int = 0
    stream: int = 0
    is_extended: bool = False
    body: bytearray = field(default_factory=bytearray)

    def start(self, form: int, header: bytes, time: int, is_extended: bool) -> None:
        """Note the header of a message's first chunk; without one it comes as much later as the last one did."""
        self.is_extended = is_extended
        if form < _BARE:
            self.step = time
        self.at = time if form == _WHOLE else (self.at + self.step) & 0xFFFFFFFF
        if form <= _SAME_STREAM:
            self.length, self.kind = int.from_bytes(header[3:6], "big"), header[6]
        if form == _WHOLE:
            self.stream = int.from_bytes(header[7:11], "little")


class ChunkReader:
    """Puts messages together from bytes as they come."""

    def __init__(self) -> None:
        self.taken = 0
        """Bytes read so far, for acknowledgements."""
        self.most_bytes = _MOST_COMMAND_BYTES
        """How long a message may be."""
        self._chunk_bytes = _FIRST_CHUNK_BYTES
        self._streams: dict[int, _Unfinished] = {}
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Take bytes and return the messages they complete; raises ChunkError."""
        self.taken += len(data)
        self._buffer += data
        messages: list[Message] = []
        at = 0
        while (end := self._read_chunk(at, messages)) is not None:
            at = end
        del self._buffer[:at]
        return messages

    def _read_chunk(self, at: int, messages: list[Message]) -> int | None:
        """Read one chunk and return where it ends; None when it has not come as a whole."""
        buffer = self._buffer
        basic = _basic_header(buffer, at)
        if basic is None:
            return None
        form, number, at = basic
        header = bytes(buffer[at : at + _HEADER_BYTES[form]])
        at += _HEADER_BYTES[form]
        if len(buffer) < at:
            return None
        known = self._known(number, form)
        time = int.from_bytes(header[:3], "big")
        is_extended = time == _EXTENDED if header else known.is_extended
        if is_extended:
            time = int.from_bytes(buffer[at : at + 4], "big")
            at += 4
        is_first = not known.body
        length = int.from_bytes(header[3:6], "big") if is_first and form <= _SAME_STREAM else known.length
        if length > self.most_bytes:
            raise ChunkError(f"a message of {length} bytes is too long")
        end = at + min(self._chunk_bytes, length - len(known.body))
        if len(buffer) < end:
            return None
        if is_first:
            known.start(form, header, time, is_extended)
        known.body += buffer[at:end]
        if len(known.body) >= known.length:
            self._finish(known, messages)
        return end

    def _known(self, number: int, form: int) -> _Unfinished:
        if (known := self._streams.get(number)) is not None:
            return known
        if form > _SAME_STREAM:
            raise ChunkError("a stream begins without a header")
        if len(self._streams) >= _MOST_STREAMS:
            raise ChunkError("too many chunk streams")
        return self._streams.setdefault(number, _Unfinished())

    def _finish(self, known: _Unfinished, messages: list[Message]) -> None:
        message = Message(known.kind, known.at, known.stream, bytes(known.body))
        known.body = bytearray()
        if message.kind == SET_CHUNK_SIZE:
            size = int.from_bytes(message.body[:4], "big")
            if size < 1:
                raise ChunkError("chunks of no size")
            self._chunk_bytes = min(size, _MOST_CHUNK_BYTES)
        elif message.kind == ABORT:
            if (other := self._streams.get(int.from_bytes(message.body[:4], "big"))) is not None:
                other.body = bytearray()
        else:
            messages.append(message)


def _basic_header(buffer: bytearray, at: int) -> tuple[int, int, int] | None:
    """Return form and number of a chunk and where its header goes on; None when that has not come yet."""
    if len(buffer) <= at:
        return None
    form, number = buffer[at] >> 6, buffer[at] & 0x3F
    further = {0: 1, 1: 2}.get(number, 0)
    if len(buffer) <= at + further:
        return None
    if further:
        number = 64 + int.from_bytes(buffer[at + 1 : at + 1 + further], "little")
    return form, number, at + 1 + further


def encode(message: Message, chunk_stream: int = 3, chunk_bytes: int = _FIRST_CHUNK_BYTES) -> bytes:
    """Return a message in chunks, with a whole header. For chunk streams from 2 to 63 and times below 2^24 ms."""
    head = bytes([chunk_stream]) + message.at.to_bytes(3, "big") + len(message.body).to_bytes(3, "big")
    head += bytes([message.kind]) + struct.pack("<I", message.stream)
    pieces = [message.body[at : at + chunk_bytes] for at in range(0, len(message.body), chunk_bytes)]
    return head + bytes([0xC0 | chunk_stream]).join(pieces)
