"""Messages cut into chunks, as publishers cut them."""

import pytest

from sessions_app.media_servers.local.rtmp.chunks import (
    MOST_MESSAGE_BYTES,
    ChunkError,
    ChunkReader,
    Message,
    encode,
)

LONG = Message(9, 1000, 1, bytes(range(256)) * 3)


def set_chunk_size(size: int) -> bytes:
    return encode(Message(1, 0, 0, size.to_bytes(4, "big")), chunk_stream=2)


@pytest.mark.parametrize("piece", [1, 2, 7, 128, 5000])
def test_messages_are_put_together_however_their_bytes_arrive(piece: int) -> None:
    written = encode(LONG) + set_chunk_size(4096) + encode(LONG, chunk_bytes=4096)
    reader = ChunkReader()

    read = [m for at in range(0, len(written), piece) for m in reader.feed(written[at : at + piece])]

    assert read == [LONG, LONG]
    assert reader.taken == len(written)


def test_streams_may_alternate_between_chunks() -> None:
    picture, sound = encode(LONG, 6), encode(Message(8, 1010, 1, b"s" * 10), 4)

    read = ChunkReader().feed(picture[: 12 + 128] + sound + picture[12 + 128 :])

    assert [(m.kind, m.at) for m in read] == [(8, 1010), (9, 1000)]


def test_short_headers_say_what_changed() -> None:
    whole = encode(Message(8, 1000, 1, b"ab"), 4)
    other_length = bytes([0x44]) + (20).to_bytes(3, "big") + (3).to_bytes(3, "big") + b"\x08cde"
    only_time = bytes([0x84]) + (30).to_bytes(3, "big") + b"fgh"
    nothing = bytes([0xC4]) + b"ijk"

    read = ChunkReader().feed(whole + other_length + only_time + nothing)

    assert [(m.at, m.body, m.stream) for m in read] == [
        (1000, b"ab", 1),
        (1020, b"cde", 1),
        (1050, b"fgh", 1),
        (1080, b"ijk", 1),
    ]


def test_times_beyond_24_bits_are_repeated_in_each_chunk() -> None:
    late = (0x01020304).to_bytes(4, "big")
    head = b"\x04\xff\xff\xff" + (130).to_bytes(3, "big") + b"\x09\x01\x00\x00\x00" + late

    (message,) = ChunkReader().feed(head + b"a" * 128 + b"\xc4" + late + b"bb")

    assert message == Message(9, 0x01020304, 1, b"a" * 128 + b"bb")


def test_numbers_of_streams_may_take_three_bytes() -> None:
    rest = encode(Message(8, 0, 1, b"x"))[1:]

    assert len(ChunkReader().feed(b"\x00\x10" + rest + b"\x01\x10\x02" + rest)) == 2


def test_an_abandoned_message_is_forgotten() -> None:
    abort = encode(Message(2, 0, 0, (6).to_bytes(4, "big")), 2)

    assert ChunkReader().feed(encode(LONG, 6)[:140] + abort + encode(LONG, 6)) == [LONG]


def test_before_a_key_was_shown_messages_are_short() -> None:
    reader = ChunkReader()
    with pytest.raises(ChunkError, match="too long"):
        reader.feed(encode(Message(9, 0, 1, b"x" * 20_000)))

    reader = ChunkReader()
    reader.most_bytes = MOST_MESSAGE_BYTES
    assert reader.feed(encode(Message(9, 0, 1, b"x" * 20_000)))


def test_a_stream_without_a_beginning_and_chunks_of_no_size_are_refused() -> None:
    with pytest.raises(ChunkError):
        ChunkReader().feed(b"\xc4abc")
    with pytest.raises(ChunkError):
        ChunkReader().feed(set_chunk_size(0))


def test_one_peer_cannot_open_streams_without_end() -> None:
    with pytest.raises(ChunkError, match="too many"):
        ChunkReader().feed(b"".join(encode(Message(8, 0, 1, b"x"), number) for number in range(3, 60)))
