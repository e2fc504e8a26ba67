"""What a test can let happen to glasses and phone, and what it can ask of them, by an app over real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.errors import RequestRefused
from mentra_sdk.testing import Glasses, MemoryCloud

JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
async def glasses(cloud: MemoryCloud, app: MiniAppServer) -> AsyncIterator[Glasses]:
    """Glasses of a user whose app does nothing by itself."""
    yield await cloud.start(app)


@pytest.fixture
def session(glasses: Glasses, app: MiniAppServer) -> MentraSession:
    return app.sessions[0]


async def test_what_happens_to_the_glasses_reaches_who_asked(
    glasses: Glasses, session: MentraSession
) -> None:
    show = session.display.show_text_wall
    session.device.on_head_position(lambda head: show(f"head {head.position}"))
    session.device.on_touch_event(lambda touch: show(touch.gesture_name), gesture="double_tap")
    session.device.on_battery_update(lambda battery: show(f"{battery.level:g} %"))
    session.mic.on_voice_activity(lambda voice: show(f"voice {voice.is_speaking}"))
    session.mic.on_chunk(lambda sound: show(f"{len(sound)} bytes"))
    await glasses.subscribed("audio_chunk")
    await glasses.look_up()
    await glasses.shows("head up")
    await glasses.look_down()
    await glasses.shows("head down")
    await glasses.touch("single_tap")
    await glasses.touch("double_tap")
    await glasses.shows("double_tap")
    await glasses.battery(72)
    await glasses.shows("72 %")
    await glasses.begin_to_speak()
    await glasses.shows("voice True")
    await glasses.fall_silent()
    await glasses.shows("voice False")
    await glasses.sound(bytes(640))
    await glasses.shows("640 bytes")
    assert all("single_tap" not in drawing.text for drawing in glasses.drawings)
    assert session.device.state.battery_level.value == 72


async def test_what_the_phone_tells_reaches_who_asked(glasses: Glasses, session: MentraSession) -> None:
    show = session.display.show_text_wall
    session.phone.notifications.on(lambda told: show(f"{told.app}: {told.title} {told.content}"))
    session.phone.notifications.on_dismissed(lambda told: show(f"gone {told.notification_id}"))
    await glasses.subscribed("phone_notification_dismissed")
    name = await glasses.notify("Bob", "Lunch?", app="Mail")
    await glasses.shows("Mail: Bob Lunch?")
    await glasses.dismiss(name)
    await glasses.shows(f"gone {name}")


async def test_who_subscribes_later_gets_what_is_known(glasses: Glasses, session: MentraSession) -> None:
    await glasses.appoint("Stand-up", start="2026-01-02T09:00:00Z", end="2026-01-02T09:15:00Z")
    await glasses.move_to(52.5, 13.4, accuracy=9)
    session.phone.calendar.on(lambda appointment: session.display.show_text_wall(appointment.title))
    await glasses.shows("Stand-up")
    session.location.on_update(lambda place: session.display.show_text_wall(f"{place.lat} {place.lng}"))
    await glasses.shows("52.5 13.4")


async def test_an_app_that_asks_where_the_user_is_gets_it_when_it_is_known(
    glasses: Glasses, session: MentraSession
) -> None:
    asked = asyncio.create_task(session.location.request_update())
    await glasses.receives("location_poll_request")
    await glasses.move_to(1.5, 2.5)
    place = await asked
    assert (place.lat, place.lng) == (1.5, 2.5)


async def test_translations_are_those_the_test_gives(glasses: Glasses, session: MentraSession) -> None:
    session.translation.to(
        "es", lambda told: session.display.show_text_wall(f"{told.original_text} = {told.text}")
    )
    await glasses.subscribed("translation:auto-es")
    await glasses.say("good morning", translations={"es": "buenos días", "fr": "bonjour"})
    await glasses.shows("good morning = buenos días")


async def test_photos_come_by_their_address(glasses: Glasses, session: MentraSession) -> None:
    glasses.camera_shows(JPEG)
    photo = await session.camera.take_photo(save_to_gallery=True)
    assert photo.url.startswith("http://127.0.0.1:")
    assert photo.saved_to_gallery
    assert await photo.read() == JPEG


async def test_sounds_and_lights_are_seen_and_answered(glasses: Glasses, session: MentraSession) -> None:
    glasses.sounds_take(2.5)
    played = await session.speaker.play("https://example.com/gong.mp3", stop_other_audio=True)
    assert played.duration_seconds == 2.5
    await glasses.receives("audio_play_request", audioUrl="https://example.com/gong.mp3")
    glasses.sounds_fail("SPEAKER_UNAVAILABLE")
    with pytest.raises(RequestRefused):
        await session.speaker.speak("hello", stop_other_audio=True)
    session.led.set_color("green")
    await glasses.receives("rgb_led_control", color="green", action="on")


async def test_sound_that_an_app_makes_arrives_whole(glasses: Glasses, session: MentraSession) -> None:
    stream = await session.speaker.create_stream()
    stream.write(b"first ")
    stream.write(b"second")
    await stream.end()
    await glasses.receives("audio_stream_end")
    assert glasses.written_sound == b"first second"


async def test_streams_begin_and_end(glasses: Glasses, session: MentraSession) -> None:
    urls = await session.camera.start_stream()
    assert urls is not None
    assert urls.hls == "https://video.test/m1.m3u8"
    found = await session.camera.check_existing_stream()
    assert found is not None
    statuses: list[str] = []
    session.camera.on_stream_status(lambda news: statuses.append(news.status))
    session.camera.on_stream_status(lambda news: session.display.show_text_wall(news.status))
    await session.camera.stop_stream()
    await glasses.shows("stopped")
    assert await session.camera.check_existing_stream() is None


async def test_the_dashboard_keeps_an_apps_words_until_it_stops(
    cloud: MemoryCloud, app: MiniAppServer, glasses: Glasses, session: MentraSession
) -> None:
    session.dashboard.show_text("3 tasks due")
    await glasses.dashboard_shows("3 tasks")
    await cloud.stop(app)
    assert glasses.dashboard == {}


async def test_other_glasses_are_told(glasses: Glasses, session: MentraSession) -> None:
    session.device.on_capabilities_change(
        lambda profile: session.display.show_text_wall(f"now {profile and profile.model_name}")
    )
    await glasses.put_on({"modelName": "Mentra Live", "hasCamera": True})
    await glasses.shows("now Mentra Live")
    await glasses.put_on(None)
    await glasses.shows("now None")


async def test_waits_in_vain_say_what_came_instead(glasses: Glasses, session: MentraSession) -> None:
    session.led.off()
    await glasses.receives("subscription_update")
    with pytest.raises(AssertionError, match="no app sent rgb_led_control with {'action': 'on'}; there is"):
        await glasses.receives("rgb_led_control", action="on", timeout_seconds=0.01)
    with pytest.raises(AssertionError, match="nobody subscribed to VAD"):
        await glasses.subscribed("VAD", timeout_seconds=0.01)
    with pytest.raises(AssertionError, match="the dashboard did not show 'tea', it shows {}"):
        await glasses.dashboard_shows("tea", timeout_seconds=0.01)
