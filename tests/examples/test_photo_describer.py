"""Photo describer: what is measured, what a model behind HTTP is asked, and wearers through the wire."""

import asyncio
import io
import runpy
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from PIL import Image, ImageDraw, ImageFilter

from examples.photo_describer.app import HINT, build_app
from examples.photo_describer.describing import DescriptionFailed
from examples.photo_describer.hosted import HostedDescriber, media_type
from examples.photo_describer.measured import MeasuringDescriber, colour_name, describe_picture
from mentra_sdk import MiniAppServer
from tests.examples.wearing import Wearer, read_example, wear
from tests.mentra_sdk.fake_cloud import API_KEY, FakeCloud, shut_down, transcription

FOLDER = "photo_describer"
PACKAGE = "com.example.describer"


def file_of(image: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def beach() -> Image.Image:
    image = Image.new("RGB", (320, 240), (90, 150, 240))
    ImageDraw.Draw(image).rectangle((0, 120, 320, 240), fill=(120, 70, 20))
    return image


def test_a_picture_is_described_by_what_is_measured() -> None:
    assert describe_picture(file_of(beach())) == (
        "Evenly lit, little contrast, sharp. Mostly blue and brown. The upper half is the brightest. "
        "Landscape, 320 × 240."
    )


def test_darkness_and_blur_are_told() -> None:
    dark = Image.new("RGB", (200, 300), (8, 8, 10))
    assert describe_picture(file_of(dark, "JPEG")) == (
        "Very dark, almost no contrast, blurred or without detail. Mostly black. Portrait, 200 × 300."
    )
    board = Image.new("RGB", (256, 256), "white")
    for column in range(0, 256, 32):
        ImageDraw.Draw(board).rectangle((column, 0, column + 15, 256), fill="black")
    assert "strong contrast, sharp" in describe_picture(file_of(board))
    soft = board.filter(ImageFilter.GaussianBlur(24))
    assert "blurred" in describe_picture(file_of(soft))


def test_a_photo_is_turned_as_the_camera_says() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    beach().save(file, "JPEG", exif=exif)
    described = describe_picture(file.getvalue())
    assert "Portrait, 240 × 320" in described
    assert "The right half is the brightest" in described


@pytest.mark.parametrize(
    ("pixel", "name"),
    [
        ((250, 250, 250), "white"),
        ((128, 130, 128), "grey"),
        ((10, 0, 0), "black"),
        ((220, 20, 20), "red"),
        ((250, 140, 20), "orange"),
        ((120, 70, 20), "brown"),
        ((240, 220, 40), "yellow"),
        ((30, 160, 50), "green"),
        ((60, 200, 200), "turquoise"),
        ((40, 60, 220), "blue"),
        ((130, 40, 200), "purple"),
        ((240, 80, 180), "pink"),
        ((250, 20, 40), "red"),
    ],
)
def test_colours_have_everyday_names(pixel: tuple[int, int, int], name: str) -> None:
    assert colour_name(pixel) == name


@pytest.mark.parametrize("picture", [b"", b"no picture", file_of(beach())[:60]])
async def test_what_is_no_photo_is_refused(picture: bytes) -> None:
    with pytest.raises(DescriptionFailed, match="no photo"):
        await MeasuringDescriber().describe(picture)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def model() -> AsyncIterator[Callable[[Handler], Awaitable[str]]]:
    """Serve one handler as a model's endpoint; return the address to configure."""
    runners: list[web.AppRunner] = []

    async def serve(handler: Handler) -> str:
        routes = web.Application()
        routes.router.add_post("/v1/chat/completions", handler)
        runner = web.AppRunner(routes)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/v1"

    yield serve
    for runner in runners:
        await runner.cleanup()


async def test_a_hosted_model_is_asked_as_openai_is(model: Callable[[Handler], Awaitable[str]]) -> None:
    asked: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.headers.get("Authorization"), await request.json()))
        return web.json_response({"choices": [{"message": {"content": " A beach.\n Two dogs. "}}]})

    url = await model(answer)
    describer = HostedDescriber(f"{url}/", model="llava", api_key="secret", prompt="What is it?")
    assert await describer.describe(b"\xff\xd8photo") == "A beach. Two dogs."
    authorization, body = asked[0]
    assert (authorization, body["model"]) == ("Bearer secret", "llava")
    assert body["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is it?"},
                {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9hwaG90bw=="}},
            ],
        }
    ]
    await HostedDescriber(f"{url}/chat/completions", model="llava").describe(b"")
    assert asked[1][0] is None
    assert media_type(file_of(beach())) == "image/png"


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        (401, "{}", r"refuses \(401\)"),
        (429, "{}", "too often"),
        (200, "<html>", "cannot be read"),
        (200, '{"choices": []}', "says nothing"),
        (200, '{"choices": [{"message": {"content": " "}}]}', "says nothing"),
    ],
)
async def test_a_model_that_fails_is_explained(
    model: Callable[[Handler], Awaitable[str]], status: int, said: str, told: str
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=said)

    with pytest.raises(DescriptionFailed, match=told):
        await HostedDescriber(await model(answer), model="llava").describe(b"")


async def test_a_model_that_is_away_or_slow_is_explained(
    model: Callable[[Handler], Awaitable[str]],
) -> None:
    with pytest.raises(DescriptionFailed, match="does not answer"):
        await HostedDescriber("http://127.0.0.1:9/v1", model="llava").describe(b"")
    asked = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        await asked.wait()
        return web.Response()

    with pytest.raises(DescriptionFailed, match="too long"):
        await HostedDescriber(await model(answer), model="llava", answer_seconds=0.05).describe(b"")
    asked.set()


def test_the_program_wants_to_know_which_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESCRIBER_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(SystemExit, match="DESCRIBER_MODEL"):
        runpy.run_module("examples.photo_describer", run_name="__main__")


def test_the_config_of_the_app_is_one_that_the_cloud_takes() -> None:
    details = read_example(FOLDER)
    assert [each["type"] for each in details["permissions"]] == ["CAMERA", "MICROPHONE"]


class Echo:
    """Says what it was given; waits for permission where the test wants that."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def describe(self, picture: bytes) -> str:
        await self.may_answer.wait()
        if picture == b"bad":
            raise DescriptionFailed("The model does not answer.")
        return picture.decode()


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def app(echo: Echo) -> AsyncIterator[MiniAppServer]:
    building = build_app(package_name=PACKAGE, api_key=API_KEY, port=0, describer=echo)
    yield building
    await shut_down(building)


@pytest.fixture
async def photos(model: Callable[[Handler], Awaitable[str]]) -> AsyncIterator[str]:
    """Serve photos whose content is the end of their address."""

    async def photo(request: web.Request) -> web.Response:
        return web.Response(body=request.match_info["content"].encode(), content_type="image/jpeg")

    routes = web.Application()
    routes.router.add_get("/{content}", photo)
    runner = web.AppRunner(routes)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def wearer(fake_cloud: FakeCloud, app: MiniAppServer) -> Wearer:
    return await put_on(fake_cloud, app, aloud=False)


async def put_on(
    cloud: FakeCloud, app: MiniAppServer, user: str = "ada@example.com", **chosen: Any
) -> Wearer:
    wearer = await wear(cloud, app, FOLDER, user=user, **chosen)
    assert await wearer.read() == HINT
    return wearer


async def take(wearer: Wearer, url: str) -> None:
    """Answer the next request for a photo with the one at `url`."""
    asked = await wearer.socket.next_of("photo_request")
    await wearer.socket.send("photo_response", requestId=asked["requestId"], success=True, photoUrl=url)


async def test_a_photo_is_taken_described_and_shown(wearer: Wearer, photos: str) -> None:
    await wearer.press()
    assert await wearer.read() == "Looking…"
    await take(wearer, f"{photos}/beach")
    assert await wearer.read() == "Thinking…"
    assert await wearer.read() == "beach"


async def test_the_description_is_read_aloud_to_who_wants_it(
    fake_cloud: FakeCloud, app: MiniAppServer, photos: str
) -> None:
    wearer = await put_on(fake_cloud, app)
    await wearer.press()
    await take(wearer, f"{photos}/beach")
    assert (await wearer.socket.next_of("audio_play_request"))["audioUrl"].endswith("text=beach")
    assert await wearer.read() == "beach"


async def test_a_long_description_is_shown_page_by_page(
    wearer: Wearer, photos: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("examples.photo_describer.app.SECONDS_A_PAGE", 0.01)
    monkeypatch.setattr("examples.photo_describer.app.USUAL_ROWS", 1)
    await wearer.press()
    await take(wearer, f"{photos}/{'a' * 40}{'b' * 40}{'c' * 40}")
    pages = ["a" * 40, "b" * 40, "c" * 40]
    assert [await wearer.until(lambda text: text in pages) for _ in pages] == pages


async def test_why_there_is_no_photo_or_no_description_is_shown(wearer: Wearer, photos: str) -> None:
    await wearer.press()
    asked = await wearer.socket.next_of("photo_request")
    refusal = {"success": False, "error": {"code": "CAMERA_BUSY", "message": "Somebody else films"}}
    await wearer.socket.send("photo_response", requestId=asked["requestId"], **refusal)
    assert await wearer.until(lambda text: "photo" in text) == "No photo\nSomebody else films"
    await wearer.press()
    await take(wearer, f"{photos}/bad")
    assert await wearer.until(lambda text: "No" in text) == "No description\nThe model does not answer."


async def test_one_utterance_takes_one_photo_and_who_only_presses_is_not_heard(
    wearer: Wearer, photos: str
) -> None:
    assert "transcription:auto" in (await wearer.socket.next_of("subscription_update"))["subscriptions"]
    for text, final in (("please describe", False), ("Please describe it.", True)):
        said = transcription(text, isFinal=final, utteranceId="u-1")
        await wearer.socket.send_event("transcription:auto", said)
    await take(wearer, f"{photos}/beach")
    assert await wearer.until(lambda text: text == "beach")
    await wearer.choose(by_voice=False)
    assert (await wearer.socket.next_of("subscription_update"))["subscriptions"] == ["button_press"]
    assert [each["type"] for each in wearer.socket.received].count("photo_request") == 1


async def test_a_photo_comes_over_a_blip(wearer: Wearer, photos: str) -> None:
    await wearer.press()
    asked = await wearer.socket.next_of("photo_request")
    await wearer.blip()
    answer = {"requestId": asked["requestId"], "success": True, "photoUrl": f"{photos}/beach"}
    await wearer.socket.send("photo_response", **answer)
    assert await wearer.until(lambda text: text == "beach")


async def test_one_wearer_does_not_wait_for_another(
    wearer: Wearer, fake_cloud: FakeCloud, app: MiniAppServer, photos: str, echo: Echo
) -> None:
    bob = await put_on(fake_cloud, app, "bob@example.com", aloud=False)
    echo.may_answer.clear()
    for each, content in ((wearer, "beach"), (bob, "forest")):
        await each.press()
        await take(each, f"{photos}/{content}")
        await each.until(lambda text: text == "Thinking…")
    echo.may_answer.set()
    assert await bob.until(lambda text: "Thinking" not in text) == "forest"
    assert await wearer.until(lambda text: "Thinking" not in text) == "beach"
