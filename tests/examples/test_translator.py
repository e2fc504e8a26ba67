"""Translator: its lines, and wearers through the wire."""

from collections.abc import AsyncIterator

import pytest

from examples.translator.app import build_app
from examples.translator.conversation import Conversation
from mentra_sdk import MiniAppServer
from tests.examples.wearing import Wearer, read_example, wear
from tests.mentra_sdk.fake_cloud import API_KEY, FakeCloud, shut_down

FOLDER = "translator"
PACKAGE = "com.example.translator"


def test_what_was_said_stands_above_what_it_means() -> None:
    conversation = Conversation(3, with_original=True)
    assert conversation.lines() == []
    conversation.hear("u-1", "Turn left", "Links abbiegen", is_final=False)
    conversation.hear("u-1", "Turn left.", "Links abbiegen.", is_final=True)
    conversation.hear("u-2", "Then stop.", "Danach anhalten.", is_final=True)
    assert conversation.lines() == ["› Danach anhalten.", "Turn left.", "Then stop."]
    conversation.rows = 1
    assert conversation.lines() == ["Then stop."]
    conversation.rows, conversation.with_original = 3, False
    assert conversation.lines() == ["Turn left.", "Then stop."]


def test_of_a_long_sentence_the_newest_words_stand_there_as_they_were_said() -> None:
    conversation = Conversation(2, with_original=True)
    conversation.hear("u-1", "Now", "eins zwei drei vier fünf sechs sieben acht neun", is_final=False)
    assert conversation.lines() == ["› acht neun", "Now"]
    conversation.clear()
    assert conversation.lines() == []


def test_the_config_of_the_app_is_one_that_the_cloud_takes() -> None:
    keys = [each["key"] for each in read_example(FOLDER)["settings_definitions"]]
    assert keys == ["spoken", "read", "original", "lines"]


@pytest.fixture
async def app() -> AsyncIterator[MiniAppServer]:
    building = build_app(package_name=PACKAGE, api_key=API_KEY, port=0)
    yield building
    await shut_down(building)


@pytest.fixture
async def wearer(fake_cloud: FakeCloud, app: MiniAppServer) -> Wearer:
    return await wear(fake_cloud, app, FOLDER, spoken="de", read="en", original=True)


async def wanted(wearer: Wearer) -> list[str]:
    streams: list[str] = (await wearer.socket.next_of("subscription_update"))["subscriptions"]
    return [stream for stream in streams if stream.startswith("translation:")]


async def say(wearer: Wearer, original: str, text: str, *, pair: str = "de-en", final: bool = True) -> None:
    said = {"type": "translation", "text": text, "originalText": original, "isFinal": final}
    await wearer.socket.send_event(f"translation:{pair}", {**said, "utteranceId": original[:2]})


async def test_a_wearer_reads_what_is_meant_while_it_is_said(wearer: Wearer) -> None:
    assert await wanted(wearer) == ["translation:de-en"]
    await say(wearer, "Links", "Left", final=False)
    assert await wearer.until(lambda text: "Left" in text) == "› Links\nLeft"
    await say(wearer, "Links abbiegen.", "Turn left.")
    assert await wearer.read() == "› Links abbiegen.\nTurn left."


async def test_the_button_turns_the_languages_round(wearer: Wearer) -> None:
    assert await wearer.read() == "Listening… de → en"
    assert await wanted(wearer) == ["translation:de-en"]
    await wearer.press()
    assert await wanted(wearer) == ["translation:en-de"]
    await say(wearer, "Thanks", "Danke", pair="en-de")
    assert await wearer.until(lambda text: "Danke" in text) == "› Thanks\nDanke"
    await wearer.press("long")
    assert await wearer.read() == "Listening… en → de"
    await wearer.press()
    assert await wearer.read() == "Listening… de → en"


async def test_what_cannot_be_translated_is_explained_until_something_else_is_chosen(wearer: Wearer) -> None:
    await wearer.report("TRANSLATION_UNSUPPORTED", "No engine translates de-en.")
    assert await wearer.until(lambda text: "engine" in text) == "No translation\nNo engine translates de-en."
    await wearer.choose(spoken="auto", read="es")
    assert await wearer.read() == "Listening… any language → es"
    await wearer.press()
    await say(wearer, "Links", "Izquierda", pair="auto-es")
    assert await wearer.read() == "› Links\nIzquierda"


async def test_a_blip_costs_no_words(wearer: Wearer) -> None:
    await say(wearer, "Links abbiegen.", "Turn left.")
    await wearer.until(lambda text: "Turn left." in text)
    await wearer.blip()
    assert await wearer.until(lambda text: "Turn left." in text)


async def test_quiet_glasses_go_dark(wearer: Wearer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examples.translator.app.QUIET_SECONDS", 0.01)
    await say(wearer, "Links", "Left")
    await wearer.until(lambda text: "Left" in text)
    assert (await wearer.see())["layoutType"] == "clear_view"


async def test_two_wearers_read_each_their_own(
    wearer: Wearer, fake_cloud: FakeCloud, app: MiniAppServer
) -> None:
    bob = await wear(fake_cloud, app, FOLDER, user="bob@example.com", spoken="fr", read="de", original=False)
    assert await wanted(bob) == ["translation:fr-de"]
    await say(wearer, "Links", "Left")
    await say(bob, "Bonjour", "Guten Tag", pair="fr-de")
    assert await bob.until(lambda text: "Listening" not in text) == "Guten Tag"
    assert await wearer.until(lambda text: "Listening" not in text) == "› Links\nLeft"
