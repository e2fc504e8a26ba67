"""Notifications reader: how one looks and sounds, and wearers through the wire."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from examples.notifications_reader.app import build_app
from examples.notifications_reader.inbox import MOST_KEPT, Inbox, card, is_left_out, sentence
from mentra_sdk import MiniAppServer
from mentra_sdk.events import PhoneNotification
from mentra_sdk.layouts import ReferenceCard
from tests.examples.wearing import Wearer, read_example, wear
from tests.mentra_sdk.fake_cloud import API_KEY, FakeCloud, shut_down

FOLDER = "notifications_reader"
PACKAGE = "com.example.notifications"


def notification(name: str = "n-1", **fields: str) -> PhoneNotification:
    return PhoneNotification(
        notification_id=name, **{"app": "Chat", "title": "Bob", "content": "Lunch?", **fields}
    )


def test_the_latest_are_kept_and_one_announced_again_is_the_newest() -> None:
    inbox = Inbox()
    assert inbox.newest() is None
    for number in range(MOST_KEPT + 1):
        inbox.put(notification(f"n-{number}"))
    assert len(inbox) == MOST_KEPT
    again = notification("n-5", content="Lunch at noon?")
    inbox.put(again)
    assert (len(inbox), inbox.newest()) == (MOST_KEPT, again)
    inbox.drop("n-5")
    inbox.drop("n-0")
    assert (len(inbox), inbox.newest()) == (MOST_KEPT - 1, notification(f"n-{MOST_KEPT}"))


def test_a_card_says_who_and_what_and_how_many_wait() -> None:
    assert card(notification(), rows=3, waiting=0) == ReferenceCard(title="Chat · Bob", text="Lunch?")
    long = notification(app="", title="", content="word " * 40)
    shown = card(long, rows=3, waiting=2)
    assert isinstance(shown, ReferenceCard)
    assert shown.title == "Notification (+2)"
    first, second = shown.text.split("\n")
    assert first == "word word word word word word word word"
    assert second.endswith("…")
    assert len(second) <= 40


def test_it_sounds_like_a_sentence() -> None:
    assert sentence(notification(content="Lunch\n at noon?")) == "Chat, Bob: Lunch at noon?"
    assert sentence(notification(title="", content=" ")) == "Chat"


def test_apps_are_left_out_by_name() -> None:
    assert is_left_out(notification(), "Mail, chat ")
    assert not is_left_out(notification(), "Chatter;")
    assert not is_left_out(notification(app=""), ",")


def test_the_config_of_the_app_is_one_that_the_cloud_takes() -> None:
    details = read_example(FOLDER)
    assert details["app_type"] == "background"
    assert [each["key"] for each in details["settings_definitions"]] == ["seconds", "aloud", "left_out"]


@pytest.fixture
async def app() -> AsyncIterator[MiniAppServer]:
    building = build_app(package_name=PACKAGE, api_key=API_KEY, port=0)
    yield building
    await shut_down(building)


@pytest.fixture
async def wearer(fake_cloud: FakeCloud, app: MiniAppServer) -> Wearer:
    return await put_on(fake_cloud, app, left_out="Spam")


async def put_on(
    cloud: FakeCloud, app: MiniAppServer, user: str = "ada@example.com", **chosen: Any
) -> Wearer:
    wearer = await wear(cloud, app, FOLDER, user=user, **chosen)
    assert "phone_notification" in (await wearer.socket.next_of("subscription_update"))["subscriptions"]
    return wearer


async def announce(wearer: Wearer, name: str = "n-1", **fields: str) -> None:
    told = {"notificationId": name, "app": "Chat", "title": "Bob", "content": "Lunch?", **fields}
    await wearer.socket.send_event("phone_notification", told)


async def heard(wearer: Wearer) -> tuple[str, dict[str, Any]]:
    """Return what is read aloud next, and the request."""
    asked = await wearer.socket.next_of("audio_play_request")
    return parse_qs(urlsplit(asked["audioUrl"]).query)["text"][0], asked


async def test_a_notification_is_shown_for_a_while_and_read_at_the_button(wearer: Wearer) -> None:
    await announce(wearer, app="Spam")
    await announce(wearer)
    drawing = await wearer.socket.next_of("display_event")
    assert drawing["layout"] == {"layoutType": "reference_card", "title": "Chat · Bob", "text": "Lunch?"}
    assert drawing["durationMs"] == 8000
    await wearer.press()
    text, asked = await heard(wearer)
    assert text == "Chat, Bob: Lunch?"
    await wearer.socket.send("audio_play_response", requestId=asked["requestId"], success=True)
    await announce(wearer, "n-2", title="Eve")
    assert await wearer.read() == "Chat · Eve (+1)\nLunch?"


async def test_a_press_while_it_is_read_makes_it_silent(wearer: Wearer) -> None:
    await announce(wearer)
    await wearer.press()
    await heard(wearer)
    await wearer.press()
    await wearer.socket.next_of("audio_stop_request")
    await wearer.press()
    assert (await heard(wearer))[0] == "Chat, Bob: Lunch?"


async def test_why_nothing_is_heard_is_shown(wearer: Wearer) -> None:
    await announce(wearer)
    await wearer.press()
    _, asked = await heard(wearer)
    refusal = {"success": False, "error": "SPEECH_UNAVAILABLE: Nobody reads aloud here"}
    await wearer.socket.send("audio_play_response", requestId=asked["requestId"], **refusal)
    assert await wearer.read() == "Cannot read aloud\nNobody reads aloud here"


async def test_all_are_read_in_order_when_the_wearer_wants_that(
    fake_cloud: FakeCloud, app: MiniAppServer
) -> None:
    wearer = await put_on(fake_cloud, app, aloud=True)
    await announce(wearer)
    await announce(wearer, "n-2", content="Or tea?")
    for text in ("Chat, Bob: Lunch?", "Chat, Bob: Or tea?"):
        said, asked = await heard(wearer)
        assert said == text
        await wearer.socket.send("audio_play_response", requestId=asked["requestId"], success=True)


async def test_what_is_shown_goes_dark_when_it_is_forgotten_here_or_there(wearer: Wearer) -> None:
    await announce(wearer)
    await announce(wearer, "n-2", content="Or tea?")
    await wearer.until(lambda text: "tea" in text)
    gone = {"notificationId": "n-2", "notificationKey": "key"}
    await wearer.socket.send_event("phone_notification_dismissed", gone)
    assert (await wearer.see())["layoutType"] == "clear_view"
    await wearer.press()
    assert await wearer.read() == "Chat · Bob\nLunch?"
    await wearer.press("long")
    assert (await wearer.see())["layoutType"] == "clear_view"
    await wearer.press()
    assert await wearer.read() == "Notifications\nThere is nothing new."


async def test_what_is_shown_is_there_again_after_a_blip(wearer: Wearer) -> None:
    await announce(wearer)
    await wearer.read()
    await wearer.blip()
    assert await wearer.read() == "Chat · Bob\nLunch?"
    await announce(wearer, "n-2", content="Or tea?")
    assert await wearer.read() == "Chat · Bob (+1)\nOr tea?"


async def test_without_permission_the_glasses_say_why(wearer: Wearer) -> None:
    refused = {"permission": "READ_NOTIFICATIONS", "streamType": "phone_notification"}
    await wearer.socket.send("permission_denied", **refused, message="Not allowed")
    assert await wearer.read() == "No notifications\nNot allowed"


async def test_two_wearers_see_each_their_own(
    wearer: Wearer, fake_cloud: FakeCloud, app: MiniAppServer
) -> None:
    bob = await put_on(fake_cloud, app, "bob@example.com", seconds=3)
    await announce(bob, title="Ada")
    drawing = await bob.socket.next_of("display_event")
    assert (drawing["layout"]["title"], drawing["durationMs"]) == ("Chat · Ada", 3000)
    await wearer.press()
    assert await wearer.read() == "Notifications\nThere is nothing new."
