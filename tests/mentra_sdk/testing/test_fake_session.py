"""A session without a cloud, as the tests of an author's functions use it."""

import pytest

from mentra_sdk import MentraSession
from mentra_sdk.errors import RequestRefused, SessionOver
from mentra_sdk.events import PhoneNotification, Transcription
from mentra_sdk.layouts import TextWall
from mentra_sdk.testing import FakeSession

JPEG = b"\xff\xd8\xff\xe0 a picture"


async def parrot(session: MentraSession) -> None:
    """Repeat what is heard; an author's function, as the tests below know it."""
    session.transcription.for_language("en", lambda speech: session.display.show_text_wall(speech.text))
    session.display.show_text_wall("Hi there")


async def test_a_function_draws_and_hears_at_once() -> None:
    session = FakeSession()
    await parrot(session)
    assert session.glasses.display is not None
    assert session.glasses.display.text == "Hi there"
    assert session.glasses.subscriptions == ["transcription:en"]
    await session.glasses.say("hello")
    assert session.glasses.display.text == "hello"


async def test_speech_of_another_language_is_not_heard() -> None:
    session = FakeSession()
    await parrot(session)
    await session.glasses.say("hallo", language="de-DE")
    assert [drawing.text for drawing in session.glasses.drawings] == ["Hi there"]


async def test_async_handlers_are_waited_for_on_the_glasses() -> None:
    session = FakeSession(stored={"greeting": "Servus"})

    async def greet(notification: PhoneNotification) -> None:
        greeting = await session.storage.get("greeting")
        session.display.show_text_wall(f"{greeting}, {notification.title}")

    session.phone.notifications.on(greet)
    await session.glasses.notify("Bob", "Lunch?")
    await session.glasses.shows("Servus, Bob")


async def test_photos_are_what_the_camera_shows_or_its_failure() -> None:
    session = FakeSession()
    with pytest.raises(RequestRefused, match="the test has not said what the camera shows"):
        await session.camera.take_photo()
    session.glasses.camera_shows(JPEG)
    assert await (await session.camera.take_photo()).read() == JPEG
    session.glasses.camera_fails("CAMERA_BUSY")
    with pytest.raises(RequestRefused) as refusal:
        await session.camera.take_photo()
    assert refusal.value.code == "CAMERA_BUSY"


async def test_what_is_not_declared_is_refused() -> None:
    session = FakeSession(permissions=["MICROPHONE"])
    session.glasses.camera_shows(JPEG)
    refused: list[str | None] = []
    session.permissions.on_refused(lambda refusal: refused.append(refusal.stream))
    session.phone.calendar.on(lambda appointment: None)
    assert refused == ["calendar_event"]
    assert session.permissions.list_granted() == ["microphone"]
    with pytest.raises(RequestRefused) as refusal:
        await session.camera.take_photo()
    assert refusal.value.code == "PERMISSION_DENIED"


async def test_settings_have_their_defaults_and_change() -> None:
    session = FakeSession(settings=[{"type": "slider", "key": "lines", "defaultValue": 3}])
    changes: list[object] = []
    session.settings.on_change(lambda change: changes.append((change.previous, change.value)))
    assert session.settings.get("lines") == 3
    session.change_setting("lines", 5)
    assert changes == [(3, 5)]


async def test_interim_and_final_words_of_an_utterance_share_an_id() -> None:
    session = FakeSession()
    heard: list[Transcription] = []
    session.transcription.on(heard.append)
    await session.glasses.say("hel", is_final=False)
    await session.glasses.say("hello")
    await session.glasses.say("bye")
    first, second, third = (each.utterance_id for each in heard)
    assert first == second != third


async def test_what_is_kept_is_there_again_after_a_blip() -> None:
    session = FakeSession()
    for _ in range(2):
        session.display.keep(TextWall(text="kept"))
    session.blip()
    assert [drawing.text for drawing in session.glasses.drawings] == ["kept", "kept"]


async def test_a_blip_is_told_and_a_stop_ends_all() -> None:
    session = FakeSession()
    told: list[str] = []
    session.on_disconnected(lambda event: told.append(f"disconnected {event.code}"))
    session.on_reconnected(lambda: told.append("reconnected"))
    session.on_stopped(lambda reason: told.append(f"stopped {reason}"))
    session.storage.set("last", "word")
    session.blip()
    await session.stop()
    assert told == ["disconnected 1006", "reconnected", "stopped user_disabled"]
    assert session.stored == {"last": "word"}
    assert not session.is_connected
    with pytest.raises(SessionOver):
        await session.camera.take_photo()
