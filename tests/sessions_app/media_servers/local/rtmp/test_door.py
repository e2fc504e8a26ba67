"""One publisher at the door, byte by byte: who gets in, what is handed on, who is sent away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from sessions_app.media_servers.local.flv import AUDIO, DATA, VIDEO, Tag
from sessions_app.media_servers.local.rtmp import amf, door
from sessions_app.media_servers.local.rtmp.chunks import ChunkReader, Message, encode
from sessions_app.media_servers.local.rtmp.door import RtmpDoor

KEY = "a-key-that-was-given-out"
COMMAND, AMF3_COMMAND = 20, 17


class Taken:
    """Who takes the video."""

    def __init__(self) -> None:
        self.tags: list[Tag] = []
        self.hang_up: Callable[[], None] | None = None
        self.left = asyncio.Event()

    def take(self, tag: Tag) -> None:
        self.tags.append(tag)

    def leave(self) -> None:
        self.left.set()


class Publisher:
    """The glasses' end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self._chunks = ChunkReader()
        self._waiting: list[Message] = []

    async def shake_hands(self) -> None:
        self.writer.write(b"\x03" + bytes(1536))
        answer = await self._reader.readexactly(1 + 2 * 1536)
        assert (answer[0], answer[1 + 1536 :]) == (3, bytes(1536))
        self.writer.write(answer[1 : 1 + 1536])

    def say(self, *command: object, kind: int = COMMAND) -> None:
        body = amf.encode(command)
        self.writer.write(encode(Message(kind, 0, 0, b"\0" + body if kind == AMF3_COMMAND else body)))

    def push(self, kind: int, at: int, body: bytes) -> None:
        self.writer.write(encode(Message(kind, at, 1, body), chunk_stream=6))

    async def answer(self) -> list[Any]:
        """Return the next command of the server."""
        while True:
            message = await self._next()
            if message.kind == COMMAND:
                return amf.decode(message.body)

    async def _next(self) -> Message:
        async with asyncio.timeout(5):
            while not self._waiting:
                data = await self._reader.read(4096)
                if not data:
                    raise EOFError
                self._waiting = self._chunks.feed(data)
        return self._waiting.pop(0)

    async def publish(self, key: str, app: str = "live", kind: int = COMMAND) -> Any:
        """Go through everything up to the answer to `publish`, and return that."""
        await self.shake_hands()
        self.say("connect", 1, {"app": app, "tcUrl": f"rtmp://here/{app}"}, kind=kind)
        assert (await self.answer())[:2] == ["_result", 1.0]
        self.say("releaseStream", 2, None, key, kind=kind)
        self.say("createStream", 3, None, kind=kind)
        assert await self.answer() == ["_result", 3.0, None, 1.0]
        self.say("publish", 4, None, key, "live", kind=kind)
        return (await self.answer())[3]["code"]

    async def is_sent_away(self) -> bool:
        try:
            async with asyncio.timeout(5):
                while await self._reader.read(4096):
                    pass
        except ConnectionError:
            pass
        return True


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def publisher(taken: Taken) -> AsyncIterator[Publisher]:
    async def admit(key: str, hang_up: Callable[[], None]) -> Taken | None:
        taken.hang_up = hang_up
        return taken if key == KEY else None

    opened = RtmpDoor(admit)
    port = await opened.open("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield Publisher(reader, writer)
    writer.close()
    await opened.close()


async def test_who_shows_the_key_is_heard(publisher: Publisher, taken: Taken) -> None:
    assert await publisher.publish(f"{KEY}?quality=high") == "NetStream.Publish.Start"

    publisher.push(DATA, 0, amf.encode(["@setDataFrame", "onMetaData", {"width": 1280}]))
    publisher.push(VIDEO, 40, b"\x17\x01" + b"p" * 500)
    publisher.push(AUDIO, 41, b"\xaf\x01s")
    publisher.push(AUDIO, 42, b"")
    publisher.say("FCUnpublish", 5, None, KEY)
    await asyncio.wait_for(taken.left.wait(), 5)

    assert taken.tags == [
        Tag(DATA, 0, amf.encode(["onMetaData", {"width": 1280}])),
        Tag(VIDEO, 40, b"\x17\x01" + b"p" * 500),
        Tag(AUDIO, 41, b"\xaf\x01s"),
    ]


async def test_commands_may_come_in_the_newer_form(publisher: Publisher) -> None:
    assert await publisher.publish(KEY, kind=AMF3_COMMAND) == "NetStream.Publish.Start"


@pytest.mark.parametrize(("key", "app"), [("guessed", "live"), ("", "live"), (KEY, "other")])
async def test_who_does_not_is_sent_away(publisher: Publisher, taken: Taken, key: str, app: str) -> None:
    assert await publisher.publish(key, app) == "NetStream.Publish.BadName"

    publisher.push(VIDEO, 0, b"\x17\x01p")
    assert await publisher.is_sent_away()
    assert taken.tags == []


async def test_nobody_plays_here(publisher: Publisher) -> None:
    await publisher.shake_hands()
    publisher.say("connect", 1, {"app": "live"})
    await publisher.answer()
    publisher.say("play", 2, None, KEY)

    assert (await publisher.answer())[3]["code"] == "NetStream.Play.Failed"
    assert await publisher.is_sent_away()


async def test_who_is_hung_up_on_is_gone(publisher: Publisher, taken: Taken) -> None:
    await publisher.publish(KEY)
    assert taken.hang_up is not None
    taken.hang_up()

    assert await publisher.is_sent_away()
    assert not taken.left.is_set()


@pytest.mark.parametrize("words", [b"GET / HTTP/1.1\r\n\r\n", b"\x03" + bytes(2 * 1536) + b"\xff" * 400])
async def test_something_else_than_rtmp_is_sent_away(publisher: Publisher, words: bytes) -> None:
    publisher.writer.write(words)

    assert await publisher.is_sent_away()


async def test_who_says_nothing_is_not_waited_for(
    publisher: Publisher, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_SILENCE_SECONDS", 0.1)
    await publisher.publish(KEY)

    assert await publisher.is_sent_away()
    assert taken.left.is_set()
