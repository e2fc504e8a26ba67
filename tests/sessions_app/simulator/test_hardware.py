"""What the simulated glasses do when the cloud asks for a photo, sound, light or a position."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from sessions_app.protocol.cloud_to_glasses import (
    AudioPlayRequest,
    AudioStopRequest,
    CameraFovSet,
    PhotoRequest,
    RequestSingleLocation,
    RgbLedControl,
)
from sessions_app.protocol.fragments import PhotoError
from sessions_app.protocol.glasses_to_cloud import (
    AudioPlayResponse,
    LocationUpdate,
    PhotoResponse,
    RgbLedControlResponse,
)
from sessions_app.simulator.hardware import Hardware
from tests.support.ports import free_port

AT = "2026-01-02T03:04:05.678Z"


class Web:
    """Takes uploads and serves a sound."""

    def __init__(self) -> None:
        self.port = free_port()
        self.uploads: list[dict[str, Any]] = []
        self.status = 200
        self.more = asyncio.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def take_photo(self, request: web.Request) -> web.Response:
        form = await request.post()
        photo = form["photo"]
        assert isinstance(photo, web.FileField)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        sender = request.headers.get("Authorization")
        self.uploads.append({**fields, "photo": photo.file.read(), "authorization": sender})
        return web.Response(status=self.status)

    async def serve_sound(self, request: web.Request) -> web.Response:
        return web.Response(body=b"mp3", status=self.status)

    async def serve_stream(self, request: web.Request) -> web.StreamResponse:
        """Send something, and more when it is said."""
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"one")
        await self.more.wait()
        await response.write(b"two")
        return response


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    made = Web()
    application = web.Application()
    application.router.add_post("/photo-upload", made.take_photo)
    application.router.add_get("/sound", made.serve_sound)
    application.router.add_get("/stream", made.serve_stream)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", made.port).start()
    yield made
    made.more.set()
    await runner.cleanup()


def photo_request(url: str, auth_token: str | None = None) -> PhotoRequest:
    return PhotoRequest("s", "p1", "a.b", url, "medium", "none", True, True, AT, auth_token, True)


def audio_request(url: str) -> AudioPlayRequest:
    return AudioPlayRequest("s", "a1", "a.b", "a.b", url, 1.0, True, AT)


async def test_a_photo_is_uploaded_and_then_reported(site: Web) -> None:
    hardware = Hardware()
    answer = await hardware.answer(photo_request(site.url("/photo-upload"), "secret"))
    assert answer == PhotoResponse(request_id="p1", success=True, saved_to_gallery=True)
    assert site.uploads == [
        {
            "requestId": "p1",
            "type": "photo_upload",
            "success": "true",
            "photo": hardware.picture,
            "authorization": "Bearer secret",
        }
    ]
    assert hardware.picture.startswith(b"\x89PNG")


async def test_a_failed_upload_is_a_failed_photo(site: Web) -> None:
    site.status = 404
    answer = await Hardware().answer(photo_request(site.url("/photo-upload")))
    assert isinstance(answer, PhotoResponse)
    assert answer.error == PhotoError(code="UPLOAD_FAILED", message="The upload was answered 404")
    unreachable = await Hardware().answer(photo_request(f"http://127.0.0.1:{free_port()}/"))
    assert isinstance(unreachable, PhotoResponse)
    assert not unreachable.success


async def test_a_camera_can_be_made_to_fail_or_to_pretend(site: Web) -> None:
    error = PhotoError(code="CAMERA_BUSY", message="camera in use")
    request = photo_request(site.url("/photo-upload"))
    assert await Hardware(photo_error=error).answer(request) == PhotoResponse(
        request_id="p1", success=False, error=error
    )
    answer = await Hardware(uploads_photos=False).answer(request)
    assert isinstance(answer, PhotoResponse)
    assert answer.success
    assert site.uploads == []


async def test_sound_is_fetched_before_it_is_reported(site: Web) -> None:
    answer = await Hardware().answer(audio_request(site.url("/sound")))
    assert isinstance(answer, AudioPlayResponse)
    assert (answer.success, answer.error) == (True, None)
    assert answer.duration is not None
    site.status = 404
    failure = await Hardware().answer(audio_request(site.url("/sound")))
    assert isinstance(failure, AudioPlayResponse)
    assert failure.error == "The sound was answered 404"


async def heard(hardware: Hardware, data: bytes) -> None:
    async with asyncio.timeout(5):
        while True:
            if hardware.speaker.played and hardware.speaker.played[-1].data == data:
                return
            await asyncio.sleep(0.01)


async def test_a_stream_is_heard_as_it_comes_and_answered_at_its_end(site: Web) -> None:
    said: list[str] = []
    hardware = Hardware(notice=said.append)
    answering = asyncio.create_task(hardware.answer(audio_request(site.url("/stream"))))
    await heard(hardware, b"one")
    assert not answering.done()
    site.more.set()
    answer = await answering
    assert isinstance(answer, AudioPlayResponse)
    assert (answer.success, bytes(hardware.speaker.played[0].data)) == (True, b"onetwo")
    assert said == ["a.b plays sound.", "The sound of a.b is over: 6 bytes."]


@pytest.mark.parametrize("how", ["stopped", "replaced"])
async def test_sound_is_stopped_by_request_and_by_sound_that_wants_silence(site: Web, how: str) -> None:
    hardware = Hardware()
    answering = asyncio.create_task(hardware.answer(audio_request(site.url("/stream"))))
    await heard(hardware, b"one")
    assert await hardware.answer(AudioStopRequest("s", "a.b", 2)) is None
    if how == "stopped":
        await hardware.answer(AudioStopRequest("s", "a.b"))
    else:
        await hardware.answer(audio_request(site.url("/sound")))
    answer = await answering
    assert isinstance(answer, AudioPlayResponse)
    assert answer.error == "The sound was stopped"


async def test_a_speaker_can_be_made_to_fail_or_to_pretend() -> None:
    request = audio_request("http://127.0.0.1:1/none")
    failure = await Hardware(audio_error="broken").answer(request)
    assert failure == AudioPlayResponse(request_id="a1", success=False, error="broken")
    answer = await Hardware(fetches_audio=False).answer(request)
    assert isinstance(answer, AudioPlayResponse)
    assert answer.success


async def test_light_and_position_answer() -> None:
    light = RgbLedControl("s", "l1", "a.b", "a.b", "on", "red", 1, 1, 1)
    assert await Hardware().answer(light) == RgbLedControlResponse(request_id="l1", success=True)
    assert await Hardware(led_error="dark").answer(light) == RgbLedControlResponse(
        request_id="l1", success=False, error="dark"
    )
    poll = RequestSingleLocation("high", "poll_1")
    assert await Hardware(position=(52.5, 13.4)).answer(poll) == LocationUpdate(
        lat=52.5, lng=13.4, correlation_id="poll_1"
    )
    assert await Hardware().answer(poll) is None


async def test_silence_and_requests_without_an_answer_are_left_unanswered() -> None:
    light = RgbLedControl("s", "l1", "a.b", "a.b", "on", "red", 1, 1, 1)
    assert await Hardware(is_silent=True).answer(light) is None
    assert await Hardware().answer(CameraFovSet("s", "f1", "a.b", 102, "center")) is None
