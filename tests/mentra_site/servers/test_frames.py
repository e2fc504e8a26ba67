"""The short way for whole frames must agree with a full implementation, and leave everything else alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from mentra_site.servers.frames import encode_frame, read_whole_frames, unmask

MOST_BYTES = 40_000
payloads = st.binary(max_size=300) | st.integers(0, MOST_BYTES).map(lambda size: b"\x5a" * size)
opcodes = st.sampled_from([Opcode.TEXT, Opcode.BINARY])
frames = st.tuples(opcodes, payloads) | st.tuples(st.just(Opcode.PONG), st.binary(max_size=125))


def from_client(opcode: Opcode, payload: bytes, *, final: bool = True) -> bytes:
    return Frame(opcode, payload, final).serialize(mask=True)


@given(st.lists(frames, max_size=4), st.integers(0, 200))
def test_whole_frames_are_read_and_a_cut_one_is_left(
    frames: list[tuple[Opcode, bytes]], missing: int
) -> None:
    wires = [from_client(opcode, payload) for opcode, payload in frames]
    data = b"".join(wires)
    data = data[: len(data) - missing] if missing < len(data) else data
    whole, end = [], 0
    for (opcode, payload), wire in zip(frames, wires, strict=True):
        if end + len(wire) > len(data):
            break
        end += len(wire)
        whole.append((opcode, payload, end))

    assert [tuple(frame) for frame in read_whole_frames(data, MOST_BYTES)] == whole


@pytest.mark.parametrize(
    "wire",
    [
        from_client(Opcode.TEXT, b"part", final=False),
        from_client(Opcode.CONT, b"rest"),
        from_client(Opcode.PING, b""),
        from_client(Opcode.CLOSE, b"\x03\xe8"),
        Frame(Opcode.TEXT, b"not masked").serialize(mask=False),
        from_client(Opcode.BINARY, bytes(MOST_BYTES + 1)),
        from_client(Opcode.BINARY, bytes(70_000)),
        b"\x81\xfe\x00\x05" + bytes(9),
        b"\xc1\x81" + bytes(5),
        b"\x8a\xfe\x00\x80" + bytes(132),
    ],
    ids=[
        "fragment",
        "continuation",
        "ping",
        "close",
        "unmasked",
        "too-big",
        "huge",
        "wasteful",
        "rsv",
        "long-pong",
    ],
)
def test_anything_else_is_left_to_the_full_parser(wire: bytes) -> None:
    assert list(read_whole_frames(wire + from_client(Opcode.TEXT, b"next"), MOST_BYTES)) == []


@given(opcodes, payloads)
def test_frames_are_written_as_every_client_reads_them(opcode: Opcode, payload: bytes) -> None:
    assert encode_frame(opcode, payload) == Frame(opcode, payload).serialize(mask=False)


@given(st.binary(max_size=40), st.binary(min_size=4, max_size=4))
def test_a_mask_taken_off_twice_changes_nothing(payload: bytes, mask: bytes) -> None:
    assert unmask(unmask(payload, mask), mask) == payload
