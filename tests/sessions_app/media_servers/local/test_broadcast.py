"""Publishers who follow one another make one film. A program that copies stands in for ffmpeg."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from sessions_app.media_servers.local import flv
from sessions_app.media_servers.local.broadcast import Broadcast, Publisher
from sessions_app.media_servers.local.flv import AUDIO, VIDEO, Tag

SET_UP = Tag(VIDEO, 0, b"\x17\x00\x00\x00\x00avcC")
OTHER_SET_UP = Tag(VIDEO, 0, b"\x17\x00\x00\x00\x00other")


def key_frame(at: int, name: bytes = b"k") -> Tag:
    return Tag(VIDEO, at, b"\x17\x01\x00\x00\x00" + name)


def picture(at: int) -> Tag:
    return Tag(VIDEO, at, b"\x27\x01\x00\x00\x00p")


class Copies:
    """Programs that write what they are given into files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.started = 0

    def command(self) -> Sequence[str]:
        self.started += 1
        return ("sh", "-c", f"exec cat > {self._folder}/{self.started}")

    def tags(self, number: int = 1) -> list[Tag]:
        written = (self._folder / str(number)).read_bytes()
        return flv.TagReader().feed(written)


async def wait_for(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - programs have no event
            await asyncio.sleep(0.01)


def nothing() -> None:
    """Hang up on nobody."""


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path)


@pytest.fixture
async def broadcast(copies: Copies) -> AsyncIterator[Broadcast]:
    made = Broadcast("test", copies.command, gap_seconds=0.3)
    yield made
    await made.close()


async def publish(broadcast: Broadcast, *tags: Tag) -> Publisher:
    publisher = await broadcast.admit(nothing)
    for tag in tags:
        publisher.take(tag)
    return publisher


async def test_a_film_begins_with_its_set_up_and_its_first_key_frame(
    broadcast: Broadcast, copies: Copies
) -> None:
    await publish(broadcast, SET_UP, picture(5000), key_frame(5066), picture(5133))
    assert broadcast.is_connected
    await broadcast.close()

    assert [(tag.at, tag.body[:2]) for tag in copies.tags()] == [
        (0, b"\x17\x00"),
        (66, b"\x17\x01"),
        (133, b"\x27\x01"),
    ]


async def test_who_comes_back_soon_goes_on_where_the_film_was(broadcast: Broadcast, copies: Copies) -> None:
    first = await publish(broadcast, SET_UP, key_frame(0), picture(66))
    first.leave()
    assert not broadcast.is_connected
    assert broadcast.is_packaged
    assert broadcast.disconnected_at
    await asyncio.sleep(0.05)
    await publish(broadcast, SET_UP, key_frame(90_000))
    await broadcast.close()

    assert copies.started == 1
    *_, last = copies.tags()
    assert 66 + 50 <= last.at < 2000


async def test_the_film_ends_when_nobody_comes_back(broadcast: Broadcast, copies: Copies) -> None:
    (await publish(broadcast, SET_UP, key_frame(0))).leave()
    await wait_for(lambda: not broadcast.is_packaged)

    await publish(broadcast, SET_UP, key_frame(90_000))
    await broadcast.close()

    assert [tag.at for tag in copies.tags(2)] == [0, 0]


async def test_a_second_publisher_takes_the_place_of_the_first(broadcast: Broadcast, copies: Copies) -> None:
    hung_up: list[bool] = []
    first = await broadcast.admit(lambda: hung_up.append(True))
    first.take(SET_UP)
    await publish(broadcast, SET_UP, key_frame(0, b"second"))
    first.take(key_frame(40, b"first"))
    first.leave()

    assert hung_up == [True]
    assert broadcast.is_connected
    await broadcast.close()
    assert [tag.body[5:] for tag in copies.tags() if tag.is_key_frame] == [b"second"]


async def test_other_pictures_than_before_are_packaged_anew(broadcast: Broadcast, copies: Copies) -> None:
    publisher = await publish(broadcast, SET_UP, key_frame(0), OTHER_SET_UP)
    await wait_for(lambda: copies.started == 2)
    await wait_for(lambda: broadcast.is_packaged)
    publisher.take(key_frame(66))
    await broadcast.close()

    assert copies.tags(2)[0].body == OTHER_SET_UP.body


async def test_an_output_that_is_added_later_knows_what_came_before(
    broadcast: Broadcast, copies: Copies, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    outside = Copies(tmp_path / "out")
    publisher = await publish(broadcast, SET_UP, key_frame(0))
    await broadcast.add_output("o1", outside.command)
    publisher.take(picture(66))
    publisher.take(key_frame(133))
    await broadcast.remove_output("o1")
    publisher.take(picture(200))

    assert [tag.body[:2] for tag in outside.tags()] == [b"\x17\x00", b"\x17\x01"]


async def test_sound_alone_waits_for_no_picture(broadcast: Broadcast, copies: Copies) -> None:
    await publish(
        broadcast, Tag(AUDIO, 0, b"\xaf\x00"), Tag(AUDIO, 0, b"\xaf\x00\x12\x10"), Tag(AUDIO, 7, b"\xaf\x01s")
    )
    await broadcast.close()

    assert [tag.body for tag in copies.tags()] == [b"\xaf\x00\x12\x10", b"\xaf\x01s"]


async def test_a_disk_without_room_is_tried_again(copies: Copies) -> None:
    starts = 0

    def full() -> Sequence[str]:
        nonlocal starts
        starts += 1
        if starts == 1:
            raise OSError("No space left on device")
        return copies.command()

    hopeful = Broadcast("hopeful", full)
    await publish(hopeful, SET_UP)
    assert not hopeful.is_packaged
    await wait_for(lambda: hopeful.is_packaged)
    await hopeful.close()


async def test_a_program_that_dies_is_started_again(
    broadcast: Broadcast, copies: Copies, tmp_path: Path
) -> None:
    starts = 0

    def dies() -> Sequence[str]:
        nonlocal starts
        starts += 1
        return ("sh", "-c", "exit 3") if starts == 1 else copies.command()

    mortal = Broadcast("mortal", dies)
    await publish(mortal, SET_UP)
    await wait_for(lambda: starts == 2 and mortal.is_packaged)
    await mortal.close()
