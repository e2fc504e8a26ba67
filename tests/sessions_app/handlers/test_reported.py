"""What a phone says by REST has the same effect as what it says over its socket."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from apps_registry.rules import HardwareLevel, HardwareType, Requirement
from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.handlers.internal import carry_out
from sessions_app.lifecycle.reconciling import phone_arrived
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import CheckPhone, ReportDevice, SayGoodbye, TakeFrames
from sessions_app.phone.data import MOST_CALENDAR_EVENTS, MOST_NOTIFICATIONS
from sessions_app.protocol.families import Family
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingJournal, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
EVENT = {"type": "calendar_event", "eventId": "e-77", "title": "Stand-up", "dtStart": "2026-01-02T09:00:00Z"}
RANG = {
    "type": "phone_notification",
    "notificationId": "n-1",
    "app": "Messages",
    "title": "Bob",
    "content": "Hi",
}
GONE = {"type": "phone_notification_dismissed", "notificationId": "n-1", "notificationKey": "0|x|1"}
HERE = {"type": "location_update", "lat": 52.5, "lng": 13.4}


async def say(runtime: SessionRuntime, *messages: dict[str, Any]) -> bool:
    """Bring messages by REST; say whether that was well received."""
    return (await carry_out(runtime, TakeFrames([json.dumps(each) for each in messages]))).ok


async def test_an_app_hears_calendar_and_notifications_and_the_session_keeps_them(session: Session) -> None:
    runtime, _, _ = session
    facts = make_facts("CALENDAR", "READ_NOTIFICATIONS")
    streams = ("calendar_event", "phone_notification", "phone_notification_dismissed")
    _, link = seat_app(runtime, facts, Family.C, *streams)
    assert await say(runtime, EVENT, {**EVENT, "eventId": "e-78"}, RANG)
    assert list(runtime.data.calendar) == ["e-77", "e-78"]
    assert list(runtime.data.notifications) == ["n-1"]

    assert await say(runtime, GONE)
    heard = [message["data"] for message in link.of_type("data_stream")]
    assert heard[:3] == [EVENT, {**EVENT, "eventId": "e-78"}, RANG]
    assert heard[3] == {**GONE, "app": "Messages", "title": "Bob", "content": "Hi"}
    assert not runtime.data.notifications


async def test_what_came_over_the_socket_completes_what_comes_by_rest_only_where_it_is_silent(
    session: Session,
) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts("READ_NOTIFICATIONS"), Family.C, "phone_notification_dismissed")
    dispatch_from_glasses(runtime, json.dumps(RANG))
    assert await say(runtime, {**GONE, "title": "Bob!"}, {**GONE, "notificationId": "unknown"})
    first, second = [message["data"] for message in link.of_type("data_stream")]
    assert (first["title"], first["app"]) == ("Bob!", "Messages")
    assert second == {**GONE, "notificationId": "unknown"}


async def test_what_is_near_stays_in_the_calendar_and_what_is_new_in_the_notifications(
    session: Session,
) -> None:
    runtime, _, clock = session
    begins = [
        f"2026-{1 + day // 28:02}-{1 + day % 28:02}T09:00:00Z" for day in range(MOST_CALENDAR_EVENTS + 10)
    ]
    await say(runtime, *({**EVENT, "eventId": at, "dtStart": at} for at in begins))
    assert len(runtime.data.calendar) == MOST_CALENDAR_EVENTS
    assert set(runtime.data.calendar) == set(begins[:MOST_CALENDAR_EVENTS])
    await say(runtime, {**EVENT, "eventId": "odd", "dtStart": "soon"})
    assert "odd" not in runtime.data.calendar

    await say(runtime, *({**RANG, "notificationId": str(n)} for n in range(MOST_NOTIFICATIONS + 3)))
    assert list(runtime.data.notifications)[0] == "3"


async def test_a_poll_is_answered_by_rest_once_and_by_nothing_else(session: Session) -> None:
    runtime, phone, _ = session
    seat, link = seat_app(runtime, make_facts("LOCATION"))
    dispatch_from_app(
        runtime, seat, '{"type":"location_poll_request","correlationId":"c1","accuracy":"best"}'
    )
    (asked,) = phone.of_type("request_single_location")
    assert (asked["correlationId"], asked["accuracy"]) == ("c1", "standard")
    assert not await say(runtime, HERE)
    assert await say(runtime, {**HERE, "correlationId": "c1"})
    assert not await say(runtime, {**HERE, "correlationId": "c1"})
    (answer,) = link.of_type("data_stream")
    assert (answer["streamType"], answer["data"]["correlationId"]) == ("location_update", "c1")
    assert not runtime.data.polls


async def test_a_position_answers_no_question_of_another_kind(session: Session) -> None:
    runtime, _, _ = session
    answers: list[Any] = []
    runtime.requests.wait_for(
        "p1", "com.example", 5, kind="photo", on_answer=answers.append, on_timeout=lambda: None
    )
    assert not await say(runtime, {**HERE, "correlationId": "p1"})
    assert runtime.requests.is_open("p1")
    assert not answers


async def test_a_phone_that_comes_back_in_time_is_asked_where_it_is(session: Session) -> None:
    runtime, phone, clock = session
    seat, link = seat_app(runtime, make_facts("LOCATION"))
    phone.is_open = False
    dispatch_from_app(
        runtime, seat, '{"type":"location_poll_request","correlationId":"c1","accuracy":"high"}'
    )
    assert not phone.sent
    clock.advance(3)
    phone.is_open = True
    phone_arrived(runtime, without_gap=False)
    (asked,) = phone.of_type("request_single_location")
    assert (asked["correlationId"], asked["accuracy"]) == ("c1", "high")
    clock.advance(9.1)
    (told,) = link.of_type("tpa_connection_error")
    assert told["code"] == "TIMEOUT"
    assert not runtime.data.polls


async def test_a_stale_position_is_told_with_its_own_time(session: Session) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts("LOCATION"))
    taken_at = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    dispatch_from_glasses(runtime, json.dumps(HERE))
    clock.advance(60)
    dispatch_from_app(runtime, seat, '{"type":"location_poll_request","correlationId":"c1"}')
    assert not link.of_type("data_stream")
    clock.advance(12.1)
    (answer,) = link.of_type("data_stream")
    assert answer["data"] == {**HERE, "timestamp": taken_at, "correlationId": "c1"}


async def test_a_lower_tier_reaches_a_phone_that_was_away(session: Session) -> None:
    runtime, phone, clock = session
    seat, _ = seat_app(
        runtime, make_facts("LOCATION"), Family.A, {"stream": "location_stream", "rate": "high"}
    )
    clock.advance(0.2)
    assert [told["tier"] for told in phone.of_type("set_location_tier")] == ["high"]
    phone.is_open = False
    dispatch_from_app(runtime, seat, '{"type":"subscription_update","subscriptions":["button_press"]}')
    clock.advance(5)
    phone.is_open = True
    phone_arrived(runtime, without_gap=False)
    assert [told["tier"] for told in phone.of_type("set_location_tier")] == ["high", "reduced"]


async def test_the_phone_s_own_wish_for_its_position_counts(session: Session) -> None:
    runtime, phone, clock = session
    wish = [{"stream": "location_stream", "rate": "realtime"}, 7]
    dispatch_from_glasses(runtime, json.dumps({"type": "phone_subscription_update", "subscriptions": wish}))
    clock.advance(0.2)
    assert [told["tier"] for told in phone.of_type("set_location_tier")] == ["realtime"]
    (error,) = phone.of_type("websocket_error")
    assert error["error"].startswith("MALFORMED_MESSAGE: 7")


@pytest.mark.parametrize("latitude", [91, -90.5])
async def test_no_place_on_earth_is_no_position(session: Session, latitude: float) -> None:
    runtime, phone, _ = session
    dispatch_from_glasses(runtime, json.dumps({**HERE, "lat": latitude}))
    assert phone.of_type("websocket_error")[0]["error"].startswith("MALFORMED_MESSAGE: location_update")
    assert not runtime.data.last_location


async def test_a_report_on_the_glasses_says_what_is_known_now(session: Session) -> None:
    runtime, _, clock = session
    _, ours = seat_app(runtime, make_facts(), Family.C)
    facts = make_facts(package="com.example.older")
    _, older = seat_app(runtime, facts, Family.A, "glasses_battery_update")
    reply = await carry_out(runtime, ReportDevice({"modelName": "Mentra Live", "batteryLevel": 72}))
    assert reply.applied is not None
    assert reply.applied.is_glasses_connected
    assert reply.applied.is_phone_connected
    assert reply.applied.capabilities is not None
    assert (reply.applied.model_name, reply.applied.capabilities["hasCamera"]) == ("Mentra Live", True)
    for level in range(71, 60, -1):
        await carry_out(runtime, ReportDevice({"batteryLevel": level}))
    await carry_out(runtime, ReportDevice({"wifiConnected": True, "wifiSsid": "lab", "serialNumber": "s"}))
    clock.advance(0.6)

    (update,) = ours.of_type("device_state_update")
    assert update["state"] == {
        "modelName": "Mentra Live",
        "connected": True,
        "batteryLevel": 61,
        "wifiConnected": True,
        "wifiSsid": "lab",
    }
    assert not ours.of_type("data_stream")
    streams = {told["streamType"]: told["data"] for told in older.of_type("data_stream")}
    assert streams["glasses_battery_update"]["level"] == 61
    connection = streams["glasses_connection_state"]
    assert (connection["status"], connection["wifi"]) == ("CONNECTED", {"connected": True, "ssid": "lab"})
    assert len(older.of_type("data_stream")) == 2

    gone = await carry_out(runtime, ReportDevice({"modelName": None}))
    assert gone.applied is not None
    assert (gone.applied.is_glasses_connected, gone.applied.model_name, gone.applied.capabilities) == (
        *(False, None),
        None,
    )


async def test_a_flood_of_models_is_told_twice_a_second(session: Session) -> None:
    runtime, _, clock = session
    _, link = seat_app(runtime, make_facts())
    models = ("Mentra Live", "Even Realities G1")
    for number in range(21):
        await carry_out(runtime, ReportDevice({"modelName": models[number % 2]}))
        clock.advance(0.05)
    told = [update["modelName"] for update in link.of_type("capabilities_update")]
    assert len(told) <= 4
    clock.advance(1)
    assert link.of_type("capabilities_update")[-1]["modelName"] == runtime.data.device.model_name


async def test_apps_that_lack_hardware_end_and_are_told_why(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, _, _ = session
    needs = (Requirement(HardwareType.CAMERA, HardwareLevel.REQUIRED),)
    facts = replace(make_facts(package="com.example.photos"), hardware_requirements=needs)
    seat_app(runtime, facts)
    seat_app(runtime, make_facts())
    stopped: list[tuple[Any, ...]] = []

    async def stop(apps: object, *how: Any) -> bool:
        stopped.append(how)
        return True

    monkeypatch.setattr(type(runtime.apps), "stop", stop)
    await carry_out(runtime, ReportDevice({"modelName": "Even Realities G1"}))
    await asyncio.sleep(0)
    ((package, reason, why),) = stopped
    assert (package, reason) == ("com.example.photos", "system_stop")
    assert "CAMERA" in why
    assert "Even Realities G1" in why


async def test_what_is_no_message_is_refused(session: Session) -> None:
    runtime, phone, _ = session
    for frame in ("{", '{"type":"calendar_event"}', '{"type":"nonsense"}'):
        reply = await carry_out(runtime, TakeFrames([frame]))
        assert (reply.ok, reply.code) == (False, "MALFORMED_MESSAGE")
    assert not phone.sent


async def test_goodbye_closes_the_phone_and_leaves_a_few_seconds(session: Session) -> None:
    runtime, phone, _ = session
    assert (await carry_out(runtime, CheckPhone())).ok
    assert (await carry_out(runtime, SayGoodbye())).ok
    assert phone.closed == (1000, "Goodbye")
    assert runtime.phone.link is None
    assert (await carry_out(runtime, CheckPhone())).code == "PHONE_DISCONNECTED"
    assert (await carry_out(runtime, SayGoodbye())).ok
    journal = runtime.upkeep.journal
    assert isinstance(journal, RecordingJournal)
    assert [write[0] for write in journal.writes].count("end_soon") == 2


async def test_the_next_owner_knows_what_the_phone_said(session: Session) -> None:
    runtime, _, _ = session
    await say(runtime, EVENT, RANG, HERE)
    await carry_out(runtime, ReportDevice({"modelName": "Mentra Live"}))
    kept = json.loads(json.dumps(runtime.data.snapshot()))
    fresh = type(runtime.data)()
    fresh.restore(kept)
    assert fresh.snapshot() == runtime.data.snapshot()
    assert fresh.told_capabilities[0] == "Mentra Live"
