"""FLV between us and ffmpeg."""

import pytest

from sessions_app.media_servers.local.flv import AUDIO, DATA, HEADER, VIDEO, FlvError, Tag, TagReader

KEY_FRAME = Tag(VIDEO, 0x01020304, b"\x17\x01\x00\x00\x00picture")
PICTURE_SET_UP = Tag(VIDEO, 0, b"\x17\x00\x00\x00\x00avcC")
SOUND_SET_UP = Tag(AUDIO, 0, b"\xaf\x00\x12\x10")
SOUND = Tag(AUDIO, 23, b"\xaf\x01sound")


@pytest.mark.parametrize("piece", [1, 10, 1000])
def test_what_is_written_is_read_again(piece: int) -> None:
    tags = [PICTURE_SET_UP, SOUND_SET_UP, KEY_FRAME, SOUND]
    written = HEADER + b"".join(tag.encode() for tag in tags)
    reader = TagReader()

    read = [tag for at in range(0, len(written), piece) for tag in reader.feed(written[at : at + piece])]

    assert read == tags


def test_set_ups_and_key_frames_are_told_apart_from_the_rest() -> None:
    assert [tag.is_set_up for tag in (PICTURE_SET_UP, SOUND_SET_UP, Tag(DATA, 0, b"\x02"))] == [True] * 3
    assert not KEY_FRAME.is_set_up
    assert not SOUND.is_set_up
    assert KEY_FRAME.is_key_frame
    assert not PICTURE_SET_UP.is_key_frame
    assert not Tag(VIDEO, 0, b"\x27\x01").is_key_frame


def test_newer_codecs_have_set_ups_and_key_frames_too() -> None:
    assert Tag(VIDEO, 0, b"\x90hvc1set-up").is_set_up
    assert not Tag(VIDEO, 0, b"\x90hvc1set-up").is_key_frame
    assert Tag(VIDEO, 0, b"\x91hvc1picture").is_key_frame
    assert not Tag(VIDEO, 0, b"\xa1hvc1picture").is_key_frame


def test_an_announcement_without_a_set_up_is_known() -> None:
    assert Tag(AUDIO, 0, b"\xaf\x00").is_hollow
    assert not SOUND_SET_UP.is_hollow
    assert not SOUND.is_hollow


def test_something_else_is_refused() -> None:
    with pytest.raises(FlvError):
        TagReader().feed(b"GIF89a and more bytes")
    with pytest.raises(FlvError, match="too long"):
        TagReader().feed(HEADER + b"\x09\xff\xff\xff" + bytes(7))
