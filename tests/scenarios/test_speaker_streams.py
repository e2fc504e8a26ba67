"""A speaker stream reaches the phone byte for byte while it is made, whichever nodes app, phone and request are at."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

TRACK: dict[str, Any] = {"volume": 0.5, "stopOtherAudio": True, "trackId": 1}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(read_bufsize=4 * 1024) as client:
        yield client


def at(stage: Stage, url: str, node: int) -> str:
    """Return the same address at a node of one's own choice."""
    return f"http://127.0.0.1:{stage.cloud.port + node}/{url.split('/', 3)[3]}"


def piece(number: int, size: int = 700) -> bytes:
    return number.to_bytes(4, "big") * (size // 4)


class Speaking:
    """An app with an open stream that the phone was told to fetch."""

    def __init__(self, stage: Stage, phone: RawPhone, socket: RawApp, stream_id: str, url: str) -> None:
        self.stage, self.phone, self.socket, self.url = stage, phone, socket, url
        self.stream_id, self.request_id = stream_id, f"stream_{stream_id}"

    async def write(self, *data: bytes) -> None:
        for each in data:
            await self.socket.send_raw(self.stream_id.encode() + each)

    async def end(self) -> None:
        await self.socket.send("audio_stream_end", streamId=self.stream_id)

    async def told(self, phone: RawPhone | None = None) -> None:
        """Wait until the phone is told to fetch the stream."""
        asked = await (phone or self.phone).take("audio_play_request", requestId=self.request_id)
        assert (asked["audioUrl"], asked["volume"], asked["trackId"]) == (self.url, 0.5, 1)


async def cast(stage: Stage) -> tuple[Person, RawMiniApp, RawPhone, RawApp]:
    """Return a person whose phone is at the first node and an app whose socket is at the second."""
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await phone.send("start_app", packageName=app.package_name)
    socket = await app.join_at(ada, stage.cloud.node_ws_url(1), family="C")
    await phone.take("app_started", packageName=app.package_name)
    return ada, app, phone, socket


async def speak(stage: Stage, phone: RawPhone, socket: RawApp) -> Speaking:
    stream_id = str(uuid.uuid4())
    await socket.send("audio_stream_start", streamId=stream_id, contentType="audio/mpeg")
    ready = await socket.take("audio_stream_ready", streamId=stream_id)
    speaking = Speaking(stage, phone, socket, stream_id, ready["streamUrl"])
    await socket.send(
        "audio_play_request", requestId=speaking.request_id, audioUrl=ready["streamUrl"], **TRACK
    )
    await speaking.told()
    return speaking


async def hear(answer: aiohttp.ClientResponse, size: int) -> bytes:
    async with asyncio.timeout(5):
        return await answer.content.readexactly(size)


async def test_every_piece_is_heard_while_the_next_is_not_made_yet(
    cluster_stage: Stage, http: aiohttp.ClientSession
) -> None:
    stage = cluster_stage
    ada, _, phone, socket = await cast(stage)
    speaking = await speak(stage, phone, socket)
    assert ada.email not in speaking.url
    assert speaking.url.startswith(f"{stage.cloud.url}/api/audio/stream/")

    async with http.get(at(stage, speaking.url, 2)) as answer:
        headers = answer.headers
        assert (answer.status, answer.content_type) == (200, "audio/mpeg")
        assert (headers["Transfer-Encoding"], headers["Cache-Control"]) == ("chunked", "no-store")
        assert "Content-Length" not in headers
        for number in range(10):
            if number == 5:  # what an id looks like says nothing
                speaking.stream_id = speaking.stream_id.upper()
            await speaking.write(piece(number))
            assert await hear(answer, 700) == piece(number)

        async with http.get(at(stage, speaking.url, 0)) as second:
            assert (second.status, (await second.json())["success"]) == (409, False)
        await socket.send_raw(str(uuid.uuid4()).encode() + b"of no stream")
        much = [piece(number, 20_000) for number in range(40)]
        await speaking.write(*much)
        await speaking.end()
        assert await answer.read() == b"".join(much)

    async with http.get(at(stage, speaking.url, 1)) as over:
        assert over.status == 404
    await phone.send("audio_play_response", requestId=speaking.request_id, success=True, duration=1200)
    told = await socket.take("audio_play_response", requestId=speaking.request_id)
    assert (told["success"], told["duration"]) == (True, 1200)


async def test_a_phone_that_drops_comes_back_for_the_rest(
    cluster_stage: Stage, http: aiohttp.ClientSession
) -> None:
    stage = cluster_stage
    ada, app, phone, socket = await cast(stage)
    speaking = await speak(stage, phone, socket)
    async with http.get(at(stage, speaking.url, 2)) as first:
        await speaking.write(piece(1))
        assert await hear(first, 700) == piece(1)
        first.close()
    await speaking.told()
    await speaking.write(piece(2), piece(3))
    await phone.abort()

    phone = await stage.phone(ada, node=2)
    await speaking.told(phone)
    async with http.get(at(stage, speaking.url, 1)) as second:
        assert await hear(second, 1400) == piece(2) + piece(3)
        await speaking.write(piece(4))
        await speaking.end()
        assert await second.read() == piece(4)
    assert not app.server.webhooks.untaken(type="session_request")


async def test_a_request_goes_on_while_the_session_moves(
    cluster_stage: Stage, http: aiohttp.ClientSession
) -> None:
    stage = cluster_stage
    ada, _, phone, socket = await cast(stage)
    speaking = await speak(stage, phone, socket)
    pieces = [piece(number) for number in range(60)]

    async def write() -> None:
        for number, each in enumerate(pieces):
            await speaking.write(each)
            await asyncio.sleep(0.005)
            if number == 20:
                moved.set()
        await speaking.end()

    moved = asyncio.Event()
    async with http.get(at(stage, speaking.url, 2)) as answer:
        writing = asyncio.create_task(write())
        await moved.wait()
        await stage.phone(ada, node=2)
        assert await answer.read() == b"".join(pieces)
        await writing


async def test_flushed_sound_ends_at_once(cluster_stage: Stage, http: aiohttp.ClientSession) -> None:
    stage = cluster_stage
    _, _, phone, socket = await cast(stage)
    speaking = await speak(stage, phone, socket)
    async with http.get(at(stage, speaking.url, 0)) as answer:
        await speaking.write(piece(1))
        assert await hear(answer, 700) == piece(1)
        await socket.send("audio_stop_request", trackId=1)
        await phone.take("audio_stop_request", trackId=1)
        assert await answer.read() == b""
