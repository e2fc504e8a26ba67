"""Photos and live video, against the messages of a cloud under the test's control."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from mentra_sdk import AudioOptions, RequestRefused, RequestTimedOut, SessionOver, VideoOptions
from mentra_sdk.live_video import StreamOutput, StreamStats, StreamUrls
from mentra_sdk.photos import Photo
from tests.mentra_sdk.fake_cloud import PACKAGE, FakeCloud
from tests.mentra_sdk.stage import Stage, content

PICTURE = b"\xff\xd8picture"
PLACE = {
    "hlsUrl": "https://v.test/a.m3u8",
    "dashUrl": "https://v.test/a.mpd",
    "webrtcUrl": "https://v.test/a",
}
URLS = StreamUrls(
    stream_id="m1", hls="https://v.test/a.m3u8", dash="https://v.test/a.mpd", webrtc="https://v.test/a"
)
REFUSED = {"status": "error", "streamId": None}


async def managed(stage: Stage, status: str, **fields: Any) -> None:
    await stage.socket.send("managed_stream_status", **{"streamId": "m1", **fields}, status=status)


async def direct(stage: Stage, status: str, **fields: Any) -> None:
    usual = {"streamId": "s1", "appId": PACKAGE}
    await stage.socket.send("stream_status", **{**usual, **fields}, status=status)


async def watched(stage: Stage) -> StreamUrls | None:
    """Start a stream through the cloud."""
    starting = asyncio.create_task(stage.session.camera.start_stream())
    await stage.socket.next_of("managed_stream_request")
    await managed(stage, "active", **PLACE)
    return await starting


async def test_a_photo_is_asked_for_as_sdk_3_does(stage: Stage) -> None:
    taking = asyncio.create_task(stage.session.camera.take_photo())
    asked = await stage.socket.next_of("photo_request")
    assert content(asked) == {"saveToGallery": False, "size": "medium", "compress": "none"}
    assert asked["requestId"].startswith("photo_req_")
    await stage.socket.send("photo_response", requestId="another", success=True, photoUrl="http://no.test")
    await stage.socket.send(
        "photo_response",
        requestId=asked["requestId"],
        success=True,
        photoUrl="http://photos.test/1",
        width=320,
        height=240,
        savedToGallery=True,
        timestamp="2026-01-02T03:04:05.500Z",
    )
    photo = await taking
    assert (photo.url, photo.width, photo.height) == ("http://photos.test/1", 320, 240)
    assert photo.saved_to_gallery
    assert photo.timestamp == datetime(2026, 1, 2, 3, 4, 5, 500_000, UTC)


async def test_wishes_for_a_photo_are_passed_on(stage: Stage) -> None:
    taking = asyncio.create_task(
        stage.session.camera.take_photo(size="full", compression="heavy", save_to_gallery=True, sound=False)
    )
    asked = await stage.socket.next_of("photo_request")
    assert content(asked) == {"saveToGallery": True, "size": "full", "compress": "heavy", "sound": False}
    taking.cancel()


async def test_a_refused_photo_is_an_error_with_a_code(stage: Stage) -> None:
    for error in ({"code": "CAMERA_BUSY", "message": "In use"}, "CAMERA_BUSY: In use"):
        taking = asyncio.create_task(stage.session.camera.take_photo())
        asked = await stage.socket.next_of("photo_request")
        await stage.socket.send("photo_response", requestId=asked["requestId"], success=False, error=error)
        with pytest.raises(RequestRefused) as refused:
            await taking
        assert (refused.value.code, refused.value.message) == ("CAMERA_BUSY", "In use")


async def test_a_general_error_that_names_the_request_fails_it_too(stage: Stage) -> None:
    stage.session.on_error(lambda error: stage.seen.append(error.code))
    taking = asyncio.create_task(stage.session.camera.take_photo())
    asked = await stage.socket.next_of("photo_request")
    await stage.socket.send(
        "tpa_connection_error", code="WIFI_NOT_CONNECTED", message="No Wi-Fi", requestId=asked["requestId"]
    )
    with pytest.raises(RequestRefused, match="WIFI_NOT_CONNECTED: No Wi-Fi"):
        await taking
    await stage.settle()
    assert stage.seen[0] == "WIFI_NOT_CONNECTED"


async def test_a_photo_that_was_ready_while_the_connection_was_away_arrives(
    stage: Stage, cloud: FakeCloud
) -> None:
    taking = asyncio.create_task(stage.session.camera.take_photo())
    asked = await stage.socket.next_of("photo_request")
    await stage.reconnect(cloud)
    await stage.socket.send("photo_response", requestId=asked["requestId"], success=True, photoUrl="http://p")
    assert (await taking).url == "http://p"


async def test_what_is_asked_while_the_connection_is_away_is_sent_later_or_never(
    stage: Stage, cloud: FakeCloud
) -> None:
    stage.socket.drop()
    again = await cloud.next_socket()
    with pytest.raises(RequestTimedOut):
        await stage.session.camera.take_photo(size="small", timeout_seconds=0.01)
    taking = asyncio.create_task(stage.session.camera.take_photo(size="large"))
    await again.accept("reconnect_ack")
    asked = await again.next_of("photo_request")
    assert asked["size"] == "large"
    await again.send("photo_response", requestId=asked["requestId"], success=True, photoUrl="http://p")
    await taking


async def test_the_end_of_the_session_ends_the_wait(stage: Stage) -> None:
    taking = asyncio.create_task(stage.session.camera.take_photo())
    await stage.socket.next_of("photo_request")
    await stage.socket.send("app_stopped", reason="user_disabled")
    with pytest.raises(SessionOver):
        await taking


@pytest.fixture
async def gallery() -> AsyncIterator[BaseTestServer]:
    """Serve a photo at /1 and one that is too large at /2."""

    async def show(request: web.Request) -> web.Response:
        return web.Response(body=PICTURE if request.path == "/1" else bytes(26 * 1024 * 1024))

    application = web.Application()
    for path in ("/1", "/2"):
        application.router.add_get(path, show)
    async with TestServer(application) as server:
        yield server


async def test_a_photo_is_read_from_its_address(gallery: BaseTestServer) -> None:
    def photo(url: str) -> Photo:
        return Photo(url, width=0, height=0, timestamp=datetime.now(UTC), saved_to_gallery=False)

    assert await photo(str(gallery.make_url("/1"))).read() == PICTURE
    for url in (str(gallery.make_url("/2")), str(gallery.make_url("/gone")), "", "/relative"):
        with pytest.raises(RequestRefused) as refused:
            await photo(url).read()
        assert refused.value.code == "PHOTO_NOT_READABLE"


async def test_a_stream_through_the_cloud_says_where_it_is_watched(stage: Stage) -> None:
    camera = stage.session.camera
    starting = asyncio.create_task(camera.start_stream())
    asked = await stage.socket.next_of("managed_stream_request")
    assert content(asked) == {"enableWebRTC": True}
    with pytest.raises(RequestRefused, match="STREAM_CONFLICT"):
        await camera.start_stream()
    await managed(stage, "initializing")
    await managed(stage, "preparing", **PLACE)
    await managed(stage, "active")
    await managed(stage, "active", **PLACE)
    assert await starting == camera.stream_urls == URLS
    assert camera.stream_status is not None
    assert camera.stream_status.is_active
    before = camera.is_streaming
    await camera.stop_stream()
    assert content(await stage.socket.next_of("managed_stream_stop")) == {}
    assert (before, camera.is_streaming) == (True, False)


async def test_wishes_for_a_stream_are_passed_on(stage: Stage) -> None:
    starting = asyncio.create_task(
        stage.session.camera.start_stream(
            destinations=["rtmp://tube.test/key"],
            quality="720p",
            webrtc=False,
            video=VideoOptions(width=1280, height=720, frame_rate=30),
            audio=AudioOptions(sample_rate=48_000, noise_suppression=True),
            duration_limit_seconds=60,
            sound=False,
        )
    )
    assert content(await stage.socket.next_of("managed_stream_request")) == {
        "quality": "720p",
        "enableWebRTC": False,
        "video": {"width": 1280, "height": 720, "frameRate": 30},
        "audio": {"sampleRate": 48_000, "noiseSuppression": True},
        "stream": {"durationLimit": 60},
        "restreamDestinations": [{"url": "rtmp://tube.test/key"}],
        "sound": False,
    }
    starting.cancel()


async def test_a_stream_to_an_address_is_accepted_with_its_first_status(stage: Stage) -> None:
    camera = stage.session.camera
    starting = asyncio.create_task(camera.start_stream(direct="srt://live.test:9000"))
    asked = await stage.socket.next_of("stream_request")
    assert content(asked) == {"streamUrl": "srt://live.test:9000"}
    await direct(stage, "stopped", streamId="s0", appId="com.example.other")
    await direct(stage, "initializing")
    assert await starting is None
    await camera.stop_stream()
    assert content(await stage.socket.next_of("stream_stop")) == {"streamId": "s1"}
    await camera.stop_stream()
    second = asyncio.create_task(camera.start_stream(direct="srt://live.test:9001"))
    await stage.socket.next_of("stream_request")
    await direct(stage, "stopped")
    await stage.socket.send("rtmp_stream_status", status="active", streamId="s2")
    assert await second is None
    await direct(stage, "timeout", streamId="s2")
    await stage.settle()
    assert not camera.is_streaming


async def test_a_refused_stream_is_an_error_and_leaves_room_for_another(stage: Stage) -> None:
    camera = stage.session.camera
    starting = asyncio.create_task(camera.start_stream(direct="rtmp://live.test/app"))
    await stage.socket.next_of("stream_request")
    await stage.socket.send("stream_status", **REFUSED, errorDetails="WIFI_NOT_CONNECTED: No Wi-Fi")
    with pytest.raises(RequestRefused) as refused:
        await starting
    assert (refused.value.code, refused.value.message) == ("WIFI_NOT_CONNECTED", "No Wi-Fi")
    starting = asyncio.create_task(camera.start_stream())
    await stage.socket.next_of("managed_stream_request")
    await stage.socket.send("managed_stream_status", **REFUSED)
    with pytest.raises(RequestRefused, match="STREAM_CREATE_FAILED"):
        await starting
    assert await watched(stage) == URLS


async def test_a_stream_that_nobody_waits_for_any_more_is_stopped(stage: Stage) -> None:
    with pytest.raises(RequestTimedOut):
        await stage.session.camera.start_stream(timeout_seconds=0.01)
    assert (await stage.socket.next())["type"] == "managed_stream_request"
    assert (await stage.socket.next())["type"] == "managed_stream_stop"
    assert not stage.session.camera.is_streaming


async def test_a_stream_left_from_an_earlier_session_can_be_stopped_or_taken_up(stage: Stage) -> None:
    camera = stage.session.camera
    await direct(stage, "active", appId="com.example.other")
    await stage.settle()
    await camera.stop_stream()
    await direct(stage, "active")
    await stage.settle()
    before = camera.is_streaming
    await camera.stop_stream()
    assert (await stage.socket.next())["type"] == "stream_stop"
    assert (before, camera.is_streaming) == (True, False)
    await managed(stage, "active", **PLACE)
    await stage.settle()
    assert await watched(stage) == URLS


async def test_news_of_streams_are_told_once_also_over_a_reconnect(stage: Stage, cloud: FakeCloud) -> None:
    tie = stage.session.camera.on_stream_status(
        lambda status: stage.seen.append((status.status, status.is_managed))
    )
    assert await stage.subscriptions() == ["stream_status", "managed_stream_status"]
    assert await watched(stage) == URLS
    await stage.reconnect(cloud)
    await managed(stage, "active", **PLACE)
    await managed(stage, "stopped")
    await direct(stage, "active", stats={"bitrate": 2_000_000, "fps": 29.7})
    await direct(stage, "active", stats={"bitrate": 1_000_000, "fps": 29.7})
    await stage.settle()
    assert stage.seen == [("active", True), ("stopped", True), ("active", False), ("active", False)]
    latest = stage.session.camera.stream_status
    assert latest is not None
    assert latest.stats == StreamStats(bitrate=1_000_000, fps=29.7)
    tie.cancel()
    assert await stage.subscriptions() == []


async def test_outputs_of_a_stream_are_told(stage: Stage) -> None:
    stage.session.camera.on_stream_status(lambda status: stage.seen.extend(status.outputs))
    await managed(stage, "active", outputs=[{"url": "rtmp://a", "status": "error", "error": "refused"}])
    await stage.settle()
    assert stage.seen == [StreamOutput(url="rtmp://a", status="error", error="refused")]


async def test_the_stream_there_is_can_be_asked_for(stage: Stage) -> None:
    camera = stage.session.camera
    checks = [asyncio.create_task(camera.check_existing_stream()) for _ in range(3)]
    names = [(await stage.socket.next_of("stream_status_check"))["requestId"] for _ in checks]
    info = {"type": "unmanaged", "streamId": "s1", "status": "active", "createdAt": "2026-01-02T03:04:05Z"}
    await stage.socket.send(
        "stream_status_check_response", requestId=names[1], hasActiveStream=True, streamInfo=info
    )
    found = await checks[1]
    assert found is not None
    assert (found.type, found.stream_id, found.status) == ("unmanaged", "s1", "active")
    await stage.socket.send("stream_status_check_response", hasActiveStream=False)
    assert await checks[0] is None
    await stage.socket.send("stream_status_check_response", requestId=names[2], hasActiveStream=False)
    assert await checks[2] is None
