"""Glasses push live video to our own media server, for an app and for their phone; it dies and comes back whole."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import psutil
import pytest

from tests.support.cloud import Cloud
from tests.support.stage import Stage, staged
from tests.support.video import needs_ffmpeg, pushing

pytestmark = pytest.mark.scenario
BASE = "/api/v2/client/streams/managed"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    needs_ffmpeg()
    with Cloud(arguments=("--no-demo", "--media")) as running:
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
