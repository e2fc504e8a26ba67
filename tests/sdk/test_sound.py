"""Sound and light by the calls of each SDK: what the phone gets, what settles the call (media.md §2, §4, §7)."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from sessions_app.protocol.cloud_to_glasses import AudioPlayRequest, AudioStopRequest, RgbLedControl
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import SimulatedPhone
from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.support.ports import free_port
from tests.support.stage import Person

MP3 = b"ID3" + bytes(5_000)
STREAMING = [Family.B, Family.C]


@pytest.fixture
async def sound_url() -> AsyncIterator[str]:
    """The address of a sound on a server of somebody else."""

    async def serve(request: web.Request) -> web.Response:
        return web.Response(body=MP3, content_type="audio/mpeg")

    application, port = web.Application(), free_port()
    application.router.add_get("/sound.mp3", serve)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/sound.mp3"
    await runner.cleanup()


async def put_on(phone: SimulatedPhone, person: Person, probe: Probe) -> None:
    """Have the phone wear glasses with a light and start the app."""
    await phone.report_glasses(model_name="Mentra Live", wifi_ssid="lab")
    await phone.start_app(probe.app.package_name)
    await probe.take("session", userId=person.email)
    await probe.take("webhook", type="session_request", status=200)


def pieces(count: int, size: int) -> bytes:
    return b"".join(bytes([number]) * size for number in range(count))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(8):
        while True:
            if holds():
                return
            await asyncio.sleep(0.02)


async def test_sound_and_light_by_call(play: Play, family: Family, sound_url: str) -> None:
    ada, hardware = await play.stage.person(), Hardware()
    probe = await play.probe(family, ada)
    async with SimulatedPhone(play.stage.cloud.url, ada.token, hardware=hardware) as phone:
        await put_on(phone, ada, probe)
        options = {"audioUrl": sound_url, "volume": 0.5, "stopOtherAudio": True, "trackId": 1}
        await probe.order("play", userId=ada.email, options=options)
        told = await probe.take("played")
        assert told["ok"]
        assert told["duration"] >= 0
        asked = await phone.wait_for(AudioPlayRequest)
        assert (asked["volume"], asked["trackId"], asked["appId"]) == (0.5, 1, probe.app.package_name)
        assert bytes(hardware.speaker.played[0].data) == MP3

        hardware.audio_error = "the speaker is broken"
        await probe.order("play", userId=ada.email, options=options)
        failed = await probe.take("played")
        assert (failed["ok"], failed["message"]) == (False, "the speaker is broken")
        await probe.order("stop_sound", userId=ada.email, trackId=2)
        assert (await phone.wait_for(AudioStopRequest))["trackId"] == 2

        await probe.order("light", userId=ada.email, options={"ontime": 60_000})
        on = await phone.wait_for(RgbLedControl)
        assert (on["action"], on["color"], on["ontime"], on["offtime"], on["count"]) == (
            *("on", "red"),
            *(60_000, 0, 1),
        )
        await probe.order("dark", userId=ada.email)
        assert (await phone.wait_for(RgbLedControl))["action"] == "off"


@pytest.mark.parametrize("family", STREAMING, ids=str)
async def test_a_stream_is_heard_to_its_end_or_flushed(play: Play, family: Family) -> None:
    ada, hardware = await play.stage.person(), Hardware()
    heard = hardware.speaker.played
    probe = await play.probe(family, ada)
    async with SimulatedPhone(play.stage.cloud.url, ada.token, hardware=hardware) as phone:
        await put_on(phone, ada, probe)
        await probe.order("open_stream", userId=ada.email, options={"format": "mp3"})
        await probe.order("write_stream", userId=ada.email, pieces=20, size=1_000)
        assert (await phone.wait_for(AudioPlayRequest))["trackId"] == 1
        await until(lambda: bool(heard) and heard[0].data == pieces(20, 1_000))
        assert not heard[0].is_over
        await probe.order("end_stream", userId=ada.email)
        await until(lambda: heard[0].is_over)
        assert heard[0].error is None
        assert heard[0].data == pieces(20, 1_000)

        await probe.order("open_stream", userId=ada.email, options={"format": "mp3"})
        await probe.order("write_stream", userId=ada.email, pieces=1, size=10)
        await until(lambda: len(heard) == 2 and heard[1].data == pieces(1, 10))
        await probe.order("flush_stream", userId=ada.email)
        assert (await phone.wait_for(AudioStopRequest))["trackId"] == 1
        await until(lambda: heard[1].is_over)
