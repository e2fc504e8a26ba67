"""What an app's author does with a session, against the wire messages it takes and makes."""

import asyncio
import base64
from typing import Any

import pytest

from mentra_sdk import MentraSession, MiniAppServer, wire
from mentra_sdk.capabilities.display import Display
from tests.mentra_sdk.fake_cloud import FakeCloud
from tests.mentra_sdk.stage import Stage


async def test_every_layout_goes_out_as_the_protocol_spells_it(stage: Stage) -> None:
    display = stage.session.display
    display.show_text_wall("Hi", duration_seconds=1.5)
    display.show_text("Hi")
    display.show_text(["two", "lines"])
    display.show_double_text_wall("Up", "Down")
    display.show_reference_card("Title", "Text")
    display.show_dashboard_card("Left", "Right")
    display.show_bitmap(b"BM", width=2, height=1)
    display.show_bitmap("424d")
    display.clear()
    drawings = [await stage.socket.next() for _ in range(9)]
    assert [drawing["layout"] for drawing in drawings] == [
        {"layoutType": "text_wall", "text": "Hi"},
        {"layoutType": "text_wall", "text": "Hi"},
        {"layoutType": "text_wall", "text": "two\nlines"},
        {"layoutType": "double_text_wall", "topText": "Up", "bottomText": "Down"},
        {"layoutType": "reference_card", "title": "Title", "text": "Text"},
        {"layoutType": "dashboard_card", "leftText": "Left", "rightText": "Right"},
        {
            "layoutType": "bitmap_view",
            "data": base64.b64encode(b"BM").decode(),
            "width": 2,
            "height": 1,
        },
        {"layoutType": "bitmap_view", "data": "424d"},
        {"layoutType": "clear_view"},
    ]
    assert {drawing["type"] for drawing in drawings} == {"display_event"}
    views = {drawing["layout"]["layoutType"]: drawing["view"] for drawing in drawings}
    assert views.pop("dashboard_card") == "dashboard"
    assert set(views.values()) == {"main"}
    assert drawings[0]["durationMs"] == 1500
    assert "durationMs" not in drawings[1]


def test_a_picture_too_large_for_the_cloud_is_refused_at_once() -> None:
    def send(message: wire.ToCloud, *, replaces: str | None = None) -> None:
        sent.append(message)

    sent: list[wire.ToCloud] = []
    display = Display(send)
    display.show_bitmap("0" * 1_000_000)
    with pytest.raises(ValueError, match="at most 1000000"):
        display.show_bitmap("0" * 1_000_001)
    assert len(sent) == 1


async def test_the_dashboard_is_written_and_cleared(stage: Stage) -> None:
    stage.session.dashboard.show_text("3 tasks due")
    stage.session.dashboard.show_text(["3 tasks due", "1 late"])
    stage.session.dashboard.clear()
    written = [await stage.socket.next() for _ in range(3)]
    assert [each["content"] for each in written] == ["3 tasks due", "3 tasks due\n1 late", ""]
    assert {each["type"] for each in written} == {"dashboard_content_update"}
    assert [each["modes"] for each in written] == [["main"]] * 3


async def test_handlers_registered_in_one_tick_make_one_complete_update(stage: Stage) -> None:
    session = stage.session
    session.transcription.on(stage.seen.append)
    session.transcription.for_language("en", stage.seen.append)
    session.transcription.for_language(["en", "ja"], stage.seen.append)
    session.translation.on(stage.seen.append)
    session.translation.to("es", stage.seen.append)
    session.translation.from_to("en", ["ja", "es"], stage.seen.append)
    session.device.on_button_press(stage.seen.append)
    session.device.on_head_position(stage.seen.append)
    session.device.on_touch_event(stage.seen.append)
    session.device.on_touch_event(stage.seen.append, gesture="double_tap")
    session.device.on_battery_update(stage.seen.append)
    session.mic.on_chunk(stage.seen.append)
    session.mic.on_voice_activity(stage.seen.append)
    session.phone.notifications.on(stage.seen.append)
    session.phone.notifications.on_dismissed(stage.seen.append)
    session.phone.calendar.on(stage.seen.append)
    session.location.on_update(stage.seen.append)
    session.device.on_button_press(stage.seen.append)
    assert await stage.subscriptions() == [
        "transcription:auto",
        "transcription:en",
        "transcription:ja",
        "translation:auto-es",
        "translation:en-ja",
        "translation:en-es",
        "button_press",
        "head_position",
        "touch_event",
        "touch_event:double_tap",
        "glasses_battery_update",
        "audio_chunk",
        "VAD",
        "phone_notification",
        "phone_notification_dismissed",
        "calendar_event",
        "location_stream",
    ]


async def test_a_cancelled_handler_hears_nothing_and_its_stream_is_given_up(stage: Stage) -> None:
    keep = stage.session.device.on_button_press(stage.seen.append)
    assert await stage.subscriptions() == ["button_press"]
    end = stage.session.device.on_head_position(stage.seen.append)
    assert await stage.subscriptions() == ["button_press", "head_position"]
    end()
    end.cancel()
    assert await stage.subscriptions() == ["button_press"]
    await stage.socket.send_event("head_position", {"position": "up"})
    await stage.settle()
    keep()
    assert await stage.subscriptions() == []
    assert stage.seen == []


async def test_device_events_arrive_as_objects(stage: Stage) -> None:
    device = stage.session.device
    device.on_button_press(lambda event: stage.seen.append((event.button_id, event.press_type)))
    device.on_head_position(lambda event: stage.seen.append(event.is_up))
    device.on_touch_event(lambda event: stage.seen.append(event.gesture_name))
    device.on_touch_event(lambda event: stage.seen.append("double"), gesture="double_tap")
    device.on_battery_update(lambda event: stage.seen.append((event.level, event.charging)))
    socket = stage.socket
    await socket.send_event("button_press", {"buttonId": "main", "pressType": "long", "timestamp": 1})
    await socket.send_event("head_position", {"position": "up", "timestamp": "2026-01-02T03:04:05Z"})
    await socket.send_event("touch_event:double_tap", {"gesture_name": "double_tap", "device_model": "x"})
    await socket.send_event("touch_event", {"gesture_name": "up_swipe"})
    await socket.send_event("glasses_battery_update", {"level": 72, "charging": True, "timeRemaining": 95})
    await stage.settle()
    assert stage.seen == [("main", "long"), True, "double_tap", "double", "up_swipe", (72, True)]


async def test_capabilities_come_with_the_ack_and_with_other_glasses(stage: Stage) -> None:
    device = stage.session.device
    assert device.capabilities is not None
    assert (device.capabilities.model_name, device.capabilities.has_imu) == ("Even Realities G1", True)
    device.on_capabilities_change(stage.seen.append)
    await stage.socket.send("capabilities_update", capabilities=None, modelName=None)
    await stage.settle()
    assert stage.seen == [None]


async def test_phone_and_location_events_arrive_as_objects(stage: Stage) -> None:
    session = stage.session
    session.phone.notifications.on(lambda event: stage.seen.append((event.title, event.priority)))
    session.phone.notifications.on_dismissed(lambda event: stage.seen.append(event.notification_key))
    session.phone.calendar.on(lambda event: stage.seen.append((event.title, event.dt_start)))
    session.location.on_update(lambda event: stage.seen.append((event.lat, event.lng)))
    session.mic.on_voice_activity(lambda event: stage.seen.append(event.is_speaking))
    socket = stage.socket
    await socket.send_event("phone_notification", {"notificationId": "n", "title": "Bob", "priority": "high"})
    await socket.send_event("phone_notification_dismissed", {"notificationId": "n", "notificationKey": "k"})
    await socket.send_event("calendar_event", {"eventId": "e", "title": "Stand-up", "dtStart": "09:00"})
    await socket.send_event("location_stream", {"lat": 52.5, "lng": 13})
    await socket.send_event("location_update", {"lat": 1, "lng": 2, "accuracy": 9})
    await socket.send_event("VAD", {"status": "true"})
    await socket.send_event("VAD", {"status": False})
    await stage.settle()
    assert stage.seen == [("Bob", "high"), "k", ("Stand-up", "09:00"), (52.5, 13), (1, 2), True, False]


async def test_settings_are_merged_over_defaults_and_changes_are_told_once(stage: Stage) -> None:
    settings = stage.session.settings
    assert settings.as_dict() == {"size": 14, "color": "green"}
    assert settings.get("missing", 3) == 3
    assert settings.timezone == "Europe/Berlin"
    assert settings.uses_metric_units
    settings.on_change(lambda change: stage.seen.append((change.key, change.value, change.previous)))
    settings.on_change(lambda change: stage.seen.append("color changed"), key="color")
    received: list[dict[str, Any]] = []
    stage.session.on_settings(received.append)
    new = [{"key": "size", "value": 16}, {"key": "color", "value": "green"}]
    await stage.socket.send("settings_update", packageName="p", settings=new)
    await stage.socket.send("settings_update", packageName="p", settings=new)
    await stage.socket.send("augmentos_settings_update", settings={"timezone": "Asia/Tokyo"})
    await stage.settle()
    assert stage.seen == [("size", 16, 14)]
    assert received == [{"size": 16, "color": "green"}] * 2
    assert settings.timezone == "Asia/Tokyo"


async def test_a_refused_stream_and_an_error_are_told_and_harm_nothing(stage: Stage) -> None:
    stage.session.permissions.on_refused(lambda one: stage.seen.append((one.permission, one.stream)))
    stage.session.on_error(lambda error: stage.seen.append((error.code, error.request_id)))
    await stage.socket.send("permission_error", message="Some were rejected", details=[])
    await stage.socket.send(
        "permission_denied", message="no", permission="MICROPHONE", streamType="transcription:auto"
    )
    await stage.socket.send("tpa_connection_error", code="WIFI_NOT_CONNECTED", message="", requestId="r1")
    await stage.settle()
    assert stage.seen[:2] == [("MICROPHONE", "transcription:auto"), ("WIFI_NOT_CONNECTED", "r1")]
    assert stage.session.is_connected


async def test_a_handler_that_raises_is_logged_with_its_session_and_called_again(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async def fragile(event: Any) -> None:
        stage.seen.append(event.button_id)
        raise ValueError("broken")

    stage.session.device.on_button_press(fragile)
    for button in ("one", "two"):
        await stage.socket.send_event("button_press", {"buttonId": button})
    await stage.settle()
    assert stage.seen == ["one", "two"]
    assert f"[{stage.session.session_id}]" in caplog.text
    assert "fragile" in caplog.text


async def test_a_waiting_handler_keeps_its_order_and_holds_up_no_other(stage: Stage) -> None:
    gate = asyncio.Event()

    async def patient(event: Any) -> None:
        await gate.wait()
        stage.seen.append(("patient", event.button_id))

    stage.session.device.on_button_press(patient)
    stage.session.device.on_button_press(lambda event: stage.seen.append(("quick", event.button_id)))
    for button in ("one", "two"):
        await stage.socket.send_event("button_press", {"buttonId": button})
    await stage.settle()
    gate.set()
    await stage.settle()
    assert stage.seen == [("quick", "one"), ("quick", "two"), ("patient", "one"), ("patient", "two")]


async def test_a_session_function_that_runs_on_is_cancelled_at_the_end(
    cloud: FakeCloud, app: MiniAppServer
) -> None:
    story: list[str] = []
    over = asyncio.Event()

    @app.on_session
    async def forever(session: MentraSession) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            story.append("cancelled")

    @app.on_stop
    def stop(session: MentraSession, reason: str) -> None:
        story.append(reason)
        over.set()

    socket = await cloud.start(app)
    await socket.accept()
    await socket.next_of("subscription_update")
    await socket.send("app_stopped", reason="system_stop")
    await socket.closed()
    async with asyncio.timeout(5):
        await over.wait()
    assert story == ["cancelled", "system_stop"]


async def test_users_do_not_see_each_other(cloud: FakeCloud, app: MiniAppServer) -> None:
    seen: list[tuple[str, str]] = []
    ended = asyncio.Event()
    app.on_stop(lambda session, reason: ended.set())

    @app.on_session
    def begin(session: MentraSession) -> None:
        session.device.on_button_press(lambda event: seen.append((session.user_id, event.button_id)))

    sockets = []
    for user in ("ada@example.com", "bob-b@example.com"):
        socket = await cloud.start(app, user)
        await socket.accept(sessionId=f"{user}-x")
        await socket.next_of("subscription_update")
        sockets.append(socket)
    await sockets[1].send_event("button_press", {"buttonId": "main"})
    await Stage(app.sessions[1], sockets[1]).settle()
    assert seen == [("bob-b@example.com", "main")]
    await sockets[0].send("app_stopped", reason="user_disabled")
    await sockets[0].closed()
    async with asyncio.timeout(5):
        await ended.wait()
    others = [session for session in app.sessions if session.user_id.startswith("bob")]
    assert [session.is_connected for session in others] == [True]
