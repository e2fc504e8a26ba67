"""Camera, speaker, microphone, light and place of the glasses in the browser, as an app of another host meets them."""

import uuid
import wave
from array import array
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.browser import Browsers
from tests.support.app_server import tone
from tests.support.cloud import Cloud
from tests.support.stage import Person, RawMiniApp, Stage, staged
from tests.support.wire import RawApp

DEVELOPER = Person("developer@demo.local", "")
PATIENCE = 15
JPEG = b"\xff\xd8\xff"
PERMISSIONS = ("CAMERA", "LOCATION", "MICROPHONE")


@pytest.fixture
async def stage(demo_cloud: Cloud) -> AsyncIterator[Stage]:
    """A story on the demo's cloud."""
    async for made in staged(demo_cloud):
        yield made


async def test_an_app_gets_photos_plays_and_hears_sound_and_finds_the_wearer(
    browsers: Browsers, stage: Stage, tmp_path: Path
) -> None:
    visitor = await browsers.visitor()
    await visitor.log_in("/console/simulator/")
    app = await stage.raw_app(DEVELOPER, permissions=PERMISSIONS)
    socket = await wear(visitor.page, app)

    await gets_photos(visitor.page, app, socket)
    await visitor.take_picture("glasses-camera")
    await plays_sound(visitor.page, app, socket)
    await plays_a_stream(visitor.page, socket)
    await hears_a_file(visitor.page, socket, tmp_path)
    await finds_the_wearer(visitor.page, socket)
    await visitor.page.locator("#apps").get_by_role("button", name="Stop").click()
    await expect(visitor.page.locator("#apps")).to_contain_text("stopped")

    assert [words for words in visitor.complaints if "502" not in words] == []


async def wear(page: Page, app: RawMiniApp) -> RawApp:
    """Put glasses with a camera on and start the app."""
    await page.select_option("#model", "Mentra Live")
    await page.click("#connect")
    await page.wait_for_selector("#link-light[data-state=connected]")
    await page.fill("#app-search", app.package_name)
    await expect(page.locator("#apps li")).to_have_count(1)
    await page.locator("#apps").get_by_role("button", name="Start").click()
    socket = await app.join_a(DEVELOPER, PATIENCE)
    await expect(page.locator("#apps")).to_contain_text("running")
    return socket


async def gets_photos(page: Page, app: RawMiniApp, socket: RawApp) -> None:
    """A test picture, one of the webcam, and a failure chosen by hand."""
    await socket.send("photo_request", requestId="p1", authToken="secret-of-the-app", size="small")
    upload = await app.server.uploads.take(PATIENCE, requestId="p1", type="photo_upload")
    assert upload["photo"].startswith(JPEG)
    assert upload["authorization"] == "Bearer secret-of-the-app"

    await page.select_option("#camera-source", "webcam")
    await expect(page.locator("#camera-caption")).to_have_text("The webcam is on.")
    await socket.send("photo_request", requestId="p2")
    assert (await app.server.uploads.take(PATIENCE, requestId="p2"))["photo"].startswith(JPEG)

    await page.select_option("#camera-source", "CAMERA_BUSY")
    await socket.send("photo_request", requestId="p3")
    await app.server.uploads.take(PATIENCE, requestId="p3", type="photo_error", errorCode="CAMERA_BUSY")
    failed = await socket.take("photo_response", PATIENCE, requestId="p3", success=False)
    assert failed["error"]["code"] == "CAMERA_BUSY"


async def plays_sound(page: Page, app: RawMiniApp, socket: RawApp) -> None:
    """A sound of the app's own host is heard; one that is not there is named."""
    await socket.send("audio_play_request", requestId="a1", audioUrl=f"{app.server.url}/tone.wav")
    heard = await socket.take("audio_play_response", PATIENCE, requestId="a1")
    assert heard["success"] is True, heard["error"]
    await socket.send("audio_play_request", requestId="a2", audioUrl=f"{app.server.url}/nothing.mp3")
    unheard = await socket.take("audio_play_response", PATIENCE, requestId="a2", success=False)
    assert "404" in unheard["error"]
    await socket.send("rgb_led_control", requestId="l1", action="on", color="green", ontime=60_000)
    await socket.take("rgb_led_control_response", PATIENCE, requestId="l1", success=True)
    await expect(page.locator("#led")).to_have_attribute("title", "LED, lit")


async def plays_a_stream(page: Page, socket: RawApp) -> None:
    """Sound that the app makes as it goes is heard, and answered when it is over."""
    stream_id = str(uuid.uuid4())
    await socket.send("audio_stream_start", streamId=stream_id)
    url = (await socket.take("audio_stream_ready", PATIENCE, streamId=stream_id))["streamUrl"]
    await socket.send("audio_play_request", requestId=f"stream_{stream_id}", audioUrl=url, trackId=1)
    await expect(page.locator("#sound-state")).to_have_text("playing")
    sound = tone()
    for part in (sound[:1_000], sound[1_000:]):
        await socket.send_raw(stream_id.encode() + part)
    await socket.send("audio_stream_end", streamId=stream_id)
    heard = await socket.take("audio_play_response", PATIENCE, requestId=f"stream_{stream_id}")
    assert heard["success"] is True, heard["error"]


async def hears_a_file(page: Page, socket: RawApp, folder: Path) -> None:
    """Stereo at 48 kHz arrives as the mean of its channels at 16 kHz."""
    file = folder / "steps.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(array("h", [8_000, 2_000] * 24_000).tobytes())
    await socket.subscribe("audio_chunk")
    await expect(page.locator("#microphone-state")).to_contain_text("microphone wanted (pcm)")

    await page.set_input_files("#wav", str(file))

    heard = array("h", await socket.take_bytes(16_000, PATIENCE))
    assert abs(heard[len(heard) // 2] - 5_000) <= 50
    await expect(page.locator("#audio-counter")).to_have_text("25 frames of sound sent, 0.5 s")


async def finds_the_wearer(page: Page, socket: RawApp) -> None:
    """The app follows, the wearer moves by keys."""
    await page.select_option("#city", "Tokyo")
    await page.focus("#map")
    await page.keyboard.press("Shift+ArrowUp")
    await expect(page.locator("#map-place")).to_have_text("45.682° north, 139.759° east")
    await expect(page.locator("#log li").first).to_contain_text('"lat": 45.682')
    await socket.subscribe({"stream": "location_stream", "rate": "realtime"})
    await expect(page.locator("#tier")).to_have_text("the cloud follows: realtime")
    found = await socket.take("data_stream", PATIENCE, streamType="location_stream")
    assert (found["data"]["lat"], found["data"]["lng"]) == (45.682, 139.759)
