"""Glasses push live video to our own media server, for an app and for their phone; it dies and comes back whole.

An app in Python uses all their hardware.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import aiohttp
import psutil
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from mentra_sdk import MentraSession, RequestRefused
from sessions_app.protocol.cloud_to_glasses import RgbLedControl
from sessions_app.protocol.fragments import PhotoError
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import SimulatedPhone
from tests.support.cloud import Cloud
from tests.support.python_app import used_app
from tests.support.stage import Stage, staged
from tests.support.video import needs_ffmpeg, pushing

pytestmark = pytest.mark.scenario
MP3 = b"ID3" + bytes(5_000)
BASE = "/api/v2/client/streams/managed"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    needs_ffmpeg()
    with Cloud(arguments=("--no-demo", "--media"), proxied=True) as running:
        yield running


@pytest.fixture
async def stage(cloud: Cloud) -> AsyncIterator[Stage]:
    async for made in staged(cloud):
        yield made


@pytest.fixture
async def phone(cloud: Cloud) -> AsyncIterator[aiohttp.ClientSession]:
    """What Ada's phone asks with."""
    token = await asyncio.to_thread(cloud.issue_token, "ada@example.com")
    async with aiohttp.ClientSession(cloud.url, headers={"Authorization": f"Bearer {token}"}) as client:
        yield client


async def say(phone: aiohttp.ClientSession, method: str, path: str) -> tuple[int, Any]:
    async with phone.request(method, path, json={} if method == "POST" else None) as answer:
        return answer.status, await answer.json()


async def wait_until(phone: aiohttp.ClientSession, path: str, **facts: Any) -> None:
    async with asyncio.timeout(20):
        while not facts.items() <= (await say(phone, "GET", path))[1].items():  # noqa: ASYNC110 - a server is asked
            await asyncio.sleep(0.1)


@pytest.mark.timeout(120)
async def test_video_comes_to_its_place_also_after_the_media_server_died(
    cloud: Cloud, phone: aiohttp.ClientSession
) -> None:
    status, place = await say(phone, "POST", f"{BASE}/provision")
    assert status == 200
    path = f"{BASE}/{place['liveInputId']}"
    assert (await say(phone, "GET", "/health"))[1]["checks"]["media"]["ok"]
    async with pushing(place["rtmpUrl"]):
        await wait_until(phone, f"{path}/status", isConnected=True)

    victim = cloud.part("media_server")
    helpers = victim.children()
    assert [os.path.basename(helper.exe()) for helper in helpers].count("ffmpeg") >= 1
    victim.kill()
    await asyncio.to_thread(psutil.wait_procs, helpers, 5)
    assert not [helper for helper in helpers if helper.is_running()]

    await wait_until(phone, f"{path}/status", isConnected=False)
    async with pushing(place["rtmpUrl"]):
        await wait_until(phone, f"{path}/status", isConnected=True)
    assert await say(phone, "DELETE", path) == (200, {"ok": True})
    assert (await say(phone, "GET", f"{path}/status"))[0] == 404


@pytest.mark.timeout(120)
async def test_an_app_is_told_where_the_video_of_the_glasses_is_watched(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["CAMERA"])
    glasses = await stage.phone(ada, glasses="Mentra Live")
    await glasses.send("start_app", packageName=app.package_name)
    socket = await app.join_c(ada)
    await socket.send("managed_stream_request", packageName=app.package_name, enableWebRTC=True)
    asked = await glasses.take("start_stream", timeout_seconds=15)
    async with pushing(asked["streamUrl"], "mpegts" if asked["streamUrl"].startswith("srt:") else "flv"):
        await glasses.send("stream_status", streamId=asked["streamId"], status="active")
        told = await socket.take("managed_stream_status", timeout_seconds=25, status="active")
        async with aiohttp.ClientSession() as viewer, asyncio.timeout(20):
            while (await viewer.get(told["hlsUrl"])).status != 200:  # noqa: ASYNC110 - a server is asked
                await asyncio.sleep(0.2)
            async with viewer.get(told["dashUrl"]) as manifest:
                assert b"codecs=" in await manifest.read()
        await socket.send("managed_stream_stop", packageName=app.package_name)
        await glasses.take("stop_stream", timeout_seconds=10)


class Sound:
    """A sound on somebody's server, which takes its time."""

    def __init__(self) -> None:
        self.is_fetched = asyncio.Event()
        self.may_end = asyncio.Event()

    async def serve(self, _: web.Request) -> web.Response:
        self.is_fetched.set()
        await self.may_end.wait()
        return web.Response(body=MP3, content_type="audio/mpeg")


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - the simulated phone changes it
            await asyncio.sleep(0.05)


@pytest.mark.timeout(120)
async def test_an_app_in_python_uses_all_the_hardware(stage: Stage) -> None:
    ada, hardware, sound = await stage.person(), Hardware(), Sound()
    async with SimulatedPhone(stage.cloud.url, ada.token, hardware=hardware) as phone:
        session = await used_app(stage, ada, phone, permissions=["CAMERA"])
        photo = await session.camera.take_photo(save_to_gallery=True)
        assert (photo.width, photo.height, photo.saved_to_gallery) == (64, 48, True)
        assert await photo.read() == hardware.picture
        hardware.photo_error = PhotoError(code="LENS_COVERED", message="It is dark")
        with pytest.raises(RequestRefused, match="LENS_COVERED: It is dark"):
            await session.camera.take_photo()

        await hears_the_end_over_a_reconnect(stage, session, sound)
        assert bytes(hardware.speaker.played[0].data) == MP3
        stream = await session.speaker.create_stream()
        for number in range(5):
            stream.write(bytes([number]) * 50_000)
        await stream.end()
        await until(lambda: any(each.is_over for each in hardware.speaker.played[1:]))
        assert len(hardware.speaker.played[1].data) == 250_000

        session.led.set_color("green", duration_seconds=2)
        assert (await phone.wait_for(RgbLedControl))["ontime"] == 2000
        assert session.device.state.wifi_ssid.value == "lab"


async def hears_the_end_over_a_reconnect(stage: Stage, session: MentraSession, sound: Sound) -> None:
    """Break the app's connection while a sound plays that it waits for; the sound ends meanwhile."""
    application, is_back = web.Application(), asyncio.Event()
    application.router.add_get("/sound.mp3", sound.serve)
    session.on_reconnected(is_back.set)
    async with TestServer(application) as server:
        url = str(server.make_url("/sound.mp3"))
        playing = asyncio.create_task(session.speaker.play(url, stop_other_audio=True))
        async with asyncio.timeout(10):
            await sound.is_fetched.wait()
            stage.cut_apps()
            sound.may_end.set()
            assert ((await playing).duration_seconds or 0) > 0
            await is_back.wait()


@pytest.mark.timeout(120)
async def test_an_app_in_python_has_live_video_watched(stage: Stage) -> None:
    ada, hardware = await stage.person(), Hardware()
    news: asyncio.Queue[str] = asyncio.Queue()
    async with SimulatedPhone(stage.cloud.url, ada.token, hardware=hardware) as phone:
        session = await used_app(stage, ada, phone, permissions=["CAMERA"])
        session.camera.on_stream_status(lambda status: news.put_nowait(status.status))
        starting = asyncio.create_task(session.camera.start_stream(quality="720p"))
        await until(lambda: bool(hardware.film.url))
        async with pushing(hardware.film.url):
            urls = await starting
            assert urls == session.camera.stream_urls
            assert urls is not None
            found = await session.camera.check_existing_stream()
            assert found is not None
            assert (found.type, found.hls_url) == ("managed", urls.hls)
            await session.camera.stop_stream()
            async with asyncio.timeout(10):
                while await news.get() != "stopped":
                    pass
        assert not hardware.film.url
        assert await session.camera.check_existing_stream() is None
