"""Hello glasses: its pages, a visit through the wire, and the program itself."""

import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from examples.hello_glasses import pages
from examples.hello_glasses.app import build_app
from mentra_sdk.events import Capabilities
from mentra_sdk.layouts import ReferenceCard, TextWall
from tests.examples.programs import announced, run_program, take_user
from tests.mentra_sdk.fake_cloud import API_KEY, AppSocket, FakeCloud, shut_down, transcription
from tests.support.ports import free_port

PACKAGE = "com.example.hello"
MODULE = "examples.hello_glasses"
MORNING = datetime(2026, 1, 2, 8, 4, 5, tzinfo=UTC)
UNKNOWN = pages.Battery()


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [
        (5, "Good morning"),
        (11, "Good morning"),
        (12, "Good afternoon"),
        (18, "Good evening"),
        (2, "Good evening"),
    ],
)
def test_the_greeting_follows_the_time_of_the_day(hour: int, greeting: str) -> None:
    assert pages.greeting_at(MORNING.replace(hour=hour)) == greeting


def test_the_name_is_the_first_word_of_the_address() -> None:
    assert pages.name_of("ada.lovelace@example.com") == "Ada"
    assert pages.name_of("bob-b@example.com") == "Bob"
    assert pages.name_of("") == "there"


def test_the_page_about_the_glasses_names_what_they_have() -> None:
    page = pages.glasses(
        "Mentra Live",
        pages.Battery(72, charging=True),
        Capabilities(has_camera=True, has_speaker=True),
    )
    assert page == ReferenceCard(title="Mentra Live", text="Battery 72 %, charging\nWith camera, speaker")
    assert pages.glasses(None, UNKNOWN, None) == ReferenceCard(title="Your glasses", text="Battery unknown")


def test_speech_is_answered_or_repeated() -> None:
    assert pages.answer("What time is it?", MORNING, UNKNOWN) == ReferenceCard(title="The time", text="08:04")
    assert pages.answer("Battery please", MORNING, UNKNOWN) == ReferenceCard(
        title="The battery", text="unknown"
    )
    assert pages.answer("Goodbye", MORNING, UNKNOWN) == TextWall(text="Goodbye, see you soon!")
    assert pages.answer("Sometimes", MORNING, UNKNOWN) == ReferenceCard(title="You said", text="Sometimes")


@pytest.fixture
async def wearer(fake_cloud: FakeCloud) -> AsyncIterator[AppSocket]:
    def tell(zone: ZoneInfo | None) -> datetime:
        return MORNING.astimezone(zone)

    app = build_app(package_name=PACKAGE, api_key=API_KEY, port=0, now=tell)
    socket = await fake_cloud.start(app)
    await socket.accept()
    yield socket
    await shut_down(app)


async def layout(socket: AppSocket) -> Any:
    return (await socket.next_of("display_event"))["layout"]


async def test_a_wearer_is_greeted_in_their_own_time_zone(wearer: AppSocket) -> None:
    assert (await layout(wearer))["text"].splitlines()[:2] == [
        "Good morning, Ada!",
        "09:04  Friday, 2 January",
    ]
    update = await wearer.next_of("subscription_update")
    assert set(update["subscriptions"]) == {"button_press", "head_position", "transcription:auto"}


async def test_buttons_turn_pages_and_darken(wearer: AppSocket) -> None:
    await layout(wearer)
    press = {"buttonId": "main", "pressType": "short"}
    await wearer.send_event("button_press", press)
    assert (await layout(wearer))["title"] == "Your glasses"
    await wearer.send_event("button_press", press)
    assert (await layout(wearer))["title"] == "Hello glasses"
    await wearer.send_event("button_press", {**press, "pressType": "long"})
    assert (await layout(wearer))["layoutType"] == "clear_view"
    await wearer.send_event("head_position", {"position": "up"})
    assert "Good morning" in (await layout(wearer))["text"]


async def test_speech_is_shown_while_it_comes_and_answered_when_it_ends(wearer: AppSocket) -> None:
    await layout(wearer)
    await wearer.send_event("transcription:auto", transcription("what time", isFinal=False))
    assert await layout(wearer) == {"layoutType": "reference_card", "title": "Listening", "text": "what time"}
    await wearer.send_event("transcription:auto", transcription("what time is it"))
    assert await layout(wearer) == {"layoutType": "reference_card", "title": "The time", "text": "09:04"}


async def test_an_answer_gives_way_to_the_page_after_a_while(
    wearer: AppSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("examples.hello_glasses.app.ANSWER_SECONDS", 0.01)
    await layout(wearer)
    await wearer.send_event("transcription:auto", transcription("hello"))
    assert (await layout(wearer))["title"] == "You said"
    assert "Good morning" in (await layout(wearer))["text"]


async def test_the_program_names_what_is_missing() -> None:
    program = await run_program(MODULE, {})
    _, errors = await program.communicate()
    assert program.returncode == 1
    assert b"Set PACKAGE_NAME and API_KEY" in errors


async def test_the_program_serves_until_it_is_told_to_stop(fake_cloud: FakeCloud) -> None:
    port = free_port()
    program = await run_program(MODULE, {"PACKAGE_NAME": PACKAGE, "API_KEY": API_KEY, "PORT": str(port)})
    await announced(program)
    await take_user(fake_cloud, port)
    socket = await fake_cloud.next_socket()
    await socket.accept()
    assert "Ada" in (await layout(socket))["text"]
    program.send_signal(signal.SIGTERM)
    assert await socket.closed() == (1000, "Client disconnect")
    await program.communicate()
    assert program.returncode == 0
