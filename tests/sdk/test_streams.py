"""Apps of every SDK stream the camera, also with real video to a media server of this cloud (media.md §5, §6)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urljoin

import aiohttp
import pytest

from sessions_app.simulator.film import Film
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import SimulatedPhone
from tests.sdk.packages import Family, Program
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.inbox import PATIENCE_SECONDS
from tests.support.stage import Person, staged
from tests.support.video import needs_ffmpeg, pushing

GLASSES = "Mentra Live"
URL = "rtmp://live.example/app/key"
KINDS = {Family.A: "rtmp_stream_status", Family.B: "stream_status", Family.C: "stream_status"}
MANAGED = "managed_stream_status"


@pytest.fixture(scope="module")
def media_cloud() -> Iterator[Cloud]:
    """A cloud with a media server."""
    needs_ffmpeg()
    with Cloud(KNOWN_SECRET, server=SERVER, arguments=("--no-demo", "--media"), proxied=True) as running:
        yield running


@pytest.fixture
async def media_play(programs: dict[Family, Program], media_cloud: Cloud) -> AsyncIterator[Play]:
    async for stage in staged(media_cloud):
        yield Play(stage, programs)


async def ready(phone: SimulatedPhone, person: Person, *probes: Probe) -> None:
    """Have the phone wear glasses with a camera and start the apps, which follow what becomes of streams."""
    await phone.report_glasses(model_name=GLASSES, wifi_ssid="lab")
    for probe in probes:
        await phone.start_app(probe.app.package_name)
        await probe.take("session", userId=person.email)
        await probe.take("webhook", type="session_request", status=200)
        await probe.order("follow_streams", userId=person.email)


async def told(probe: Probe, kind: str, *statuses: str, seconds: float = PATIENCE_SECONDS) -> list[Any]:
    """Wait for these statuses, in this order."""
    got = [await probe.take("stream", seconds, kind=kind) for _ in statuses]
    assert [each["status"] for each in got] == list(statuses)
    return got


async def test_a_stream_begins_is_known_and_ends(play: Play, family: Family) -> None:
    ada, hardware = await play.stage.person(), Hardware()
    probe = await play.probe(family, ada, permissions=["CAMERA"])
    async with SimulatedPhone(play.stage.cloud.url, ada.token, hardware=hardware) as phone:
        await ready(phone, ada, probe)
        await probe.order("start_stream", userId=ada.email, url=URL)
        await told(probe, KINDS[family], "initializing", "active")
        assert hardware.film.url == URL
        await probe.order("check_stream", userId=ada.email)
        checked = await probe.take("checked", hasActiveStream=True)
        assert (checked["streamInfo"]["type"], checked["streamInfo"]["rtmpUrl"]) == ("unmanaged", URL)
        await probe.order("stop_stream", userId=ada.email)
        await told(probe, KINDS[family], "stopping", "stopped")
        assert not hardware.film.url

        hardware.film = Film(error="CAMERA_BUSY: camera in use")
        await probe.order("start_stream", userId=ada.email, url=URL)
        *_, failed = await told(probe, KINDS[family], "initializing", "error")
        assert failed["why"] == "CAMERA_BUSY: camera in use"

        await probe.order("start_managed", userId=ada.email, options={})
        refused = await probe.take("managed")
        assert (refused["ok"], "no media server" in refused["message"]) == (False, True)


@pytest.mark.timeout(150)
async def test_real_video_is_watched_by_apps_of_every_sdk(media_play: Play) -> None:
    ada, hardware = await media_play.stage.person(), Hardware()
    probes = [await media_play.probe(family, ada, permissions=["CAMERA"]) for family in Family]
    async with SimulatedPhone(media_play.stage.cloud.url, ada.token, hardware=hardware) as phone:
        await ready(phone, ada, *probes)
        first, *others = probes
        await first.order("start_managed", userId=ada.email, options={"quality": "720p"})
        await told(first, MANAGED, "initializing", "preparing")
        async with asyncio.timeout(5):
            while not hardware.film.url:  # noqa: ASYNC110 - set by the simulated phone
                await asyncio.sleep(0.05)
        assert hardware.film.url.startswith("rtmp://")
        async with pushing(hardware.film.url):
            await told(first, MANAGED, "active", seconds=24)
            watched = await first.take("managed", ok=True)
            await watch(watched["hlsUrl"])
            for probe in others:
                await probe.order("start_managed", userId=ada.email, options={})
                same = await probe.take("managed", ok=True)
                assert (same["hlsUrl"], same["dashUrl"]) == (watched["hlsUrl"], watched["dashUrl"])
            for probe in probes:
                await probe.order("stop_managed", userId=ada.email)
        await told(others[-1], MANAGED, "active", "stopping", "stopped")
        assert not hardware.film.url
        await gone(watched["hlsUrl"])


async def watch(url: str) -> None:
    """Play what an HLS address leads to: the list and the first piece of video in it."""
    async with aiohttp.ClientSession() as http:
        text = await fetch(http, url)
        while ".m3u8" in text:
            url = urljoin(url, first_line(text))
            text = await fetch(http, url)
        piece = urljoin(url, first_line(text))
        async with http.get(piece) as answer:
            assert answer.status == 200
            assert len(await answer.read()) > 1_000


async def fetch(http: aiohttp.ClientSession, url: str) -> str:
    async with http.get(url) as answer:
        assert answer.status == 200, url
        return await answer.text()


def first_line(playlist: str) -> str:
    return next(line for line in playlist.splitlines() if line and not line.startswith("#"))


async def gone(url: str) -> None:
    """Wait until the media server has forgotten the place."""
    async with asyncio.timeout(10), aiohttp.ClientSession() as http:
        while (await http.get(url)).status == 200:  # noqa: ASYNC110 - a server is asked
            await asyncio.sleep(0.1)
