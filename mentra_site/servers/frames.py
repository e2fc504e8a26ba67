"""Whole WebSocket frames as bytes (RFC 6455 §5.2): the common case without the machinery of the rest."""

from collections.abc import Iterator
from typing import NamedTuple

OPCODE_TEXT, OPCODE_BINARY, OPCODE_PING, OPCODE_PONG = 1, 2, 9, 10
FINAL = 0x80
FINAL_FRAMES = frozenset((FINAL | OPCODE_TEXT, FINAL | OPCODE_BINARY, FINAL | OPCODE_PONG))
MASKED = 0x80
MASK_BYTES = 4
# Up to 125 the second byte is the size itself; 126 and 127 announce a size in the next two or eight bytes.
LONGEST_SHORT, SIZE_IN_TWO, SIZE_IN_EIGHT = 125, 126, 127
LONGEST_IN_TWO = 0xFFFF


class WholeFrame(NamedTuple):
    """One unfragmented data frame or pong, unmasked; `end` is where the next one begins."""

    opcode: int
    payload: bytes
    end: int


def encode_frame(opcode: int, payload: bytes) -> bytes:
    """Return one final frame as a server sends it, unmasked."""
    size = len(payload)
    if size <= LONGEST_SHORT:
        return bytes((FINAL | opcode, size)) + payload
    if size <= LONGEST_IN_TWO:
        return bytes((FINAL | opcode, SIZE_IN_TWO, size >> 8, size & 0xFF)) + payload
    return bytes((FINAL | opcode, SIZE_IN_EIGHT)) + size.to_bytes(8, "big") + payload


def read_whole_frames(data: bytes, most_bytes: int) -> Iterator[WholeFrame]:
    """Yield the data frames and pongs `data` begins with; stop at the first byte of anything that is not one whole,
    final, masked frame of at most `most_bytes` in the shortest encoding. The rest is for a full parser.
    """
    at = 0
    while (frame := _read_frame(data, at, most_bytes)) is not None:
        yield frame
        at = frame.end


def _read_frame(data: bytes, at: int, most_bytes: int) -> WholeFrame | None:
    if len(data) < at + 2 + MASK_BYTES or data[at] not in FINAL_FRAMES:
        return None
    size = data[at + 1] - MASKED
    begin = at + 2
    if size > LONGEST_SHORT:
        # Frames too long for two bytes are rare and gain nothing here; a pong is never long.
        if size != SIZE_IN_TWO or data[at] == FINAL | OPCODE_PONG:
            return None
        size = int.from_bytes(data[begin : begin + 2], "big")
        begin += 2
        if size <= LONGEST_SHORT:
            return None
    end = begin + MASK_BYTES + size
    if size < 0 or size > most_bytes or end > len(data):
        return None
    mask, payload = data[begin : begin + MASK_BYTES], data[begin + MASK_BYTES : end]
    return WholeFrame(data[at] ^ FINAL, unmask(payload, mask), end)


def unmask(payload: bytes, mask: bytes) -> bytes:
    """Return `payload` with the four bytes of `mask` taken off again and again (RFC 6455 §5.3)."""
    size = len(payload)
    repeated = mask * (size // MASK_BYTES) + mask[: size % MASK_BYTES]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(repeated, "little")).to_bytes(size, "little")
