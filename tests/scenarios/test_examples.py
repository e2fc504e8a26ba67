"""Each example, run as its README says, does on simulated glasses what it promises, with one cloud for all."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from apps_registry.examples import find_example
from sessions_app.protocol.cloud_to_glasses import AudioPlayRequest, DisplayEvent
from sessions_app.simulator.hardware import Hardware
from sessions_app.simulator.phone import GLASSES_MODEL, SimulatedPhone
from tests.examples.programs import ROOT, running
from tests.examples.wearing import text_of
from tests.support.cloud import RegisteredApp
from tests.support.ports import free_port
from tests.support.rest import ask
from tests.support.stage import Person, Stage

LIVE = "Mentra Live"
PATIENCE_SECONDS = 15
WORDS = "Dear friends, welcome to the evening. Thank you all for coming here."


class Wearer:
    """A person with an example that runs for them alone, and glasses that show it."""

    def __init__(self, stage: Stage, person: Person, phone: SimulatedPhone, record: RegisteredApp) -> None:
        self.stage, self.person, self.phone = stage, person, phone
        self.package, self.url = record.package_name, record.public_url

    async def sees(self, holds: Callable[[str], bool]) -> str:
        """Return what the glasses show once `holds` is true of it."""
        drawn = await self.phone.wait_for(
            DisplayEvent,
            lambda message: holds(text_of(message["layout"])),
            timeout_seconds=PATIENCE_SECONDS,
        )
        return text_of(drawn["layout"])

    async def hears(self) -> str:
        """Return what is read aloud next."""
        asked = await self.phone.wait_for(AudioPlayRequest, timeout_seconds=PATIENCE_SECONDS)
        return parse_qs(urlsplit(asked["audioUrl"]).query)["text"][0]

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the cloud's answer, which must be 200."""
        status, said = await ask(self.stage, self.person, method, path, body)
        assert status == 200, said
        return said


def environment_of(record: RegisteredApp) -> dict[str, str]:
    """Return what the example's program is told of the app it is."""
    return {
        "PACKAGE_NAME": record.package_name,
        "API_KEY": record.api_key,
        "WEBHOOK_SECRET": record.webhook_secret,
        "PORT": str(urlsplit(record.public_url).port),
    }


Wear = Callable[..., contextlib.AbstractAsyncContextManager[Wearer]]


@pytest.fixture
def wear(stage: Stage) -> Wear:
    """Return what registers an example as the console does, runs it, and starts it for a new person."""

    @contextlib.asynccontextmanager
    async def start(folder: str, path: str = "", **environment: str) -> AsyncIterator[Wearer]:
        example = find_example(folder)
        assert example is not None
        person, port = await stage.person(), free_port()
        record = await stage.register([person], port=port, developer=person)
        record = RegisteredApp(**{**vars(record), "public_url": f"http://127.0.0.1:{port}{path}"})
        config = json.loads((ROOT / "examples" / folder / "app_config.json").read_text())
        config |= {"publicUrl": record.public_url}
        phone = SimulatedPhone(stage.cloud.url, person.token, hardware=Hardware(fetches_audio=False))
        told = {**environment_of(record), **environment}
        async with running(example.module, told, record.public_url), phone:
            wearer = Wearer(stage, person, phone, record)
            await wearer.ask("PUT", f"/api/console/apps/{record.package_name}", config)
            has_camera = any(need["type"] == "CAMERA" for need in config["hardwareRequirements"])
            await phone.report_glasses(model_name=LIVE if has_camera else GLASSES_MODEL, wifi_ssid="lab")
            await phone.start_app(record.package_name)
            yield wearer

    return start


async def test_the_translator_says_what_a_cloud_lacks(wear: Wear) -> None:
    async with wear("translator") as wearer:
        said = await wearer.sees(lambda text: text.startswith("No translation"))
        assert "No speech worker runs" in said


async def test_the_teleprompter_follows_the_voice(wear: Wear, tmp_path: Path) -> None:
    file = tmp_path / "speech.txt"
    file.write_text(WORDS)
    async with wear("teleprompter", SCRIPT_FILE=str(file)) as wearer:
        await wearer.sees(lambda text: text.startswith("Dear friends"))
        await wearer.phone.say(WORDS)
        await wearer.sees(lambda text: text.endswith("– the end –"))


async def test_the_to_do_list_is_on_a_page_and_on_the_glasses(wear: Wear, stage: Stage) -> None:
    given = {"CLOUD_URL": stage.cloud.url, "TODO_FILE": ":memory:"}
    async with wear("todo_list", "/glasses", **given) as wearer:
        await wearer.sees(lambda text: text.startswith("Nothing to do"))
        await wearer.phone.say("Remember to call Bob.")
        await wearer.sees(lambda text: text == "Added: Call Bob\n▸ Call Bob")
        called = {"toolId": "add_item", "toolParameters": {"text": "Milk"}, "userId": wearer.person.email}
        reply = await wearer.ask("POST", f"/api/tools/apps/{wearer.package}/tool", called)
        assert reply["reply"] == "Added: Milk"
        await open_page(wearer)


async def open_page(wearer: Wearer) -> None:
    """Open the list's page by each proof a phone may bring, and tick an item off on it."""
    which, page = {"packageName": wearer.package}, wearer.url.removesuffix("glasses")
    for way, parameter in (("-signed-user", "aos_signed_user_token"), ("", "aos_temp_token")):
        proof = (await wearer.ask("POST", f"/api/auth/generate-webview{way}-token", which))["token"]
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as browser:
            async with browser.get(page, params={parameter: proof}) as opened:
                assert (opened.status, str(opened.url)) == (200, page)
            async with browser.get(f"{page}api/items") as answer:
                first, second = await answer.json()
            async with browser.put(f"{page}api/items/{first['id']}", json={"is_done": True}) as ticked:
                assert ticked.status == 204
    assert (first["text"], second["text"]) == ("Milk", "Call Bob")
    await wearer.sees(lambda text: text.startswith("Nothing to do"))


async def test_notifications_are_shown_and_read(wear: Wear) -> None:
    async with wear("notifications_reader") as wearer:
        await wearer.stage.until_app(wearer.person, wearer.package, "running")
        await wearer.phone.report_notification("n-1", "Chat", "Bob", "Lunch?")
        await wearer.sees(lambda text: text == "Chat · Bob\nLunch?")
        await wearer.phone.press()
        assert await wearer.hears() == "Chat, Bob: Lunch?"


async def test_photos_are_described(wear: Wear) -> None:
    async with wear("photo_describer") as wearer:
        await wearer.stage.until_app(wearer.person, wearer.package, "running")
        await wearer.phone.press()
        words = await wearer.hears()
        assert "Mostly" in words
        assert words.endswith("Landscape, 64 × 48.")
