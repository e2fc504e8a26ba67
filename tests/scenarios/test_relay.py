"""Events of the glasses reach the apps that asked for them, untouched (app-socket §6)."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.stage import Stage
from tests.support.wire import RawApp

EVENTS: list[dict[str, Any]] = [
    {"type": "button_press", "buttonId": "camera", "pressType": "short", "timestamp": 1767322145678},
    {"type": "head_position", "position": "up"},
    {"type": "glasses_battery_update", "level": 72, "charging": False, "timeRemaining": 95.5},
    {"type": "phone_battery_update", "level": 40, "charging": True},
    {"type": "vps_coordinates", "deviceModel": "x", "requestId": "v1", "x": 1.2, "y": 1e-7, "z": -3.4}
    | {"qx": 0, "qy": 0, "qz": 0, "qw": 1, "confidence": 0.93},
    {"type": "VAD", "status": "true"},
    {"type": "location_update", "lat": 52.52, "lng": 13.405, "accuracy": 12.5, "timestamp": 1767322145678},
    {
        "type": "phone_notification",
        "notificationId": "n",
        "app": "Mail",
        "title": "Bob",
        "content": "Café ☕",
    },
    {
        "type": "calendar_event",
        "eventId": "e",
        "title": "t",
        "dtStart": "2026-01-02T09:00:00Z",
        "timezone": "UTC",
    },
    {"type": "custom_sensor", "reading": [1, 2.0, 12345678901234567890, None, {"deep": "ünïcode"}]},
]

TOMORROW = {"fieldOfTomorrow": {"a": [None]}}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["type"])
async def test_an_event_keeps_every_field_it_came_with(stage: Stage, event: dict[str, Any]) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["ALL"])
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    kind = event["type"]
    await socket.subscribe(kind)
    await stage.until_subscribed(ada, app.package_name, kind)

    await phone.send_message({**event, **TOMORROW})

    delivered = await socket.take("data_stream", streamType=kind, data=TOMORROW)
    assert delivered["data"] == {**event, **TOMORROW}
    assert delivered["sessionId"] == app.session_id(ada)
    assert delivered["timestamp"].endswith("Z")


async def test_the_stream_is_named_exactly_as_the_app_wrote_it(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    odd = "transcription:en-US?hints=de%2Cfr"
    await socket.subscribe(odd)
    await stage.until_subscribed(ada, app.package_name, odd)

    await phone.send("local_transcription", text="hello", isFinal=False, transcribeLanguage="en-US")

    delivered = await socket.take("data_stream", data={"text": "hello"})
    assert delivered["streamType"] == odd
    assert delivered["data"]["text"] == "hello"
    assert delivered["data"]["isFinal"] is False


def deliveries(socket: RawApp) -> list[dict[str, Any]]:
    """Return the events an app was sent, but not what families A and B get without asking (app-socket §6.2)."""
    events = socket.inbox.seen(type="data_stream")
    return [event for event in events if event["streamType"] != "glasses_connection_state"]


@dataclass(frozen=True)
class Naming:
    """An event, what an app subscribed to, and the names under which families A and C hear it."""

    event: dict[str, Any]
    subscribed: list[str]
    heard_by_a: list[str]
    heard_by_c: list[str]


def touched(gesture: str) -> dict[str, Any]:
    return {"type": "touch_event", "device_model": "Mentra Live", "gesture_name": gesture}


def spoken(language: str) -> dict[str, Any]:
    return {"type": "local_transcription", "text": "x", "isFinal": True, "transcribeLanguage": language}


HERE = {"type": "location_update", "lat": 52.52, "lng": 13.405}
TOUCH, TAP = "touch_event", "touch_event:double_tap"
AUTO, ENGLISH = "transcription:auto", "transcription:en"
MOVED, TRACK = "location_update", "location_stream"
NAMINGS = {
    "a gesture asked for twice": Naming(touched("double_tap"), [TOUCH, TAP], [TOUCH, TAP], [TAP]),
    "another gesture": Naming(touched("single_tap"), [TOUCH, TAP], [TOUCH], [TOUCH]),
    "a gesture nobody wants": Naming(touched("single_tap"), [TAP], [], []),
    "English": Naming(spoken("en-US"), [AUTO, ENGLISH], [AUTO, ENGLISH], [ENGLISH]),
    "German": Naming(spoken("de-DE"), [AUTO, ENGLISH], [AUTO], [AUTO]),
    "a place asked for twice": Naming(HERE, [MOVED, TRACK], [MOVED], [MOVED]),
    "a place": Naming(HERE, [TRACK], [TRACK], [TRACK]),
    "everything": Naming({"type": "head_position", "position": "up"}, ["all"], ["all"], ["all"]),
}


@pytest.mark.parametrize("naming", NAMINGS.values(), ids=NAMINGS.keys())
@pytest.mark.parametrize("family", ["A", "C"])
async def test_a_family_hears_an_event_under_the_right_names(
    stage: Stage, family: str, naming: Naming
) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE", "LOCATION"])
    phone = await stage.phone(ada)
    socket = await (stage.start_a if family == "A" else stage.start_c)(phone, ada, app)
    await socket.subscribe("button_press", *naming.subscribed)
    await stage.until_subscribed(ada, app.package_name, "button_press", *naming.subscribed)

    await phone.send_message(naming.event)
    await phone.send("button_press", buttonId="end", pressType="short")

    await socket.take("data_stream", data={"buttonId": "end"})
    heard = [item["streamType"] for item in deliveries(socket) if "buttonId" not in item["data"]]
    assert sorted(heard) == sorted(naming.heard_by_a if family == "A" else naming.heard_by_c)


async def test_an_app_gets_nothing_it_did_not_ask_for(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["ALL"])
    phone = await stage.phone(ada)
    socket = await stage.start_c(phone, ada, app)
    await socket.subscribe("button_press")
    await stage.until_subscribed(ada, app.package_name, "button_press")

    for event in EVENTS[1:]:
        await phone.send_message(event)
    await phone.send("button_press", buttonId="end", pressType="short")

    await socket.take("data_stream", data={"buttonId": "end"})
    assert len(deliveries(socket)) == 1


async def test_a_new_list_replaces_the_old_one(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    await socket.subscribe("button_press", "head_position")
    await stage.until_subscribed(ada, app.package_name, "button_press", "head_position")

    await socket.subscribe("head_position")
    await stage.until_subscribed(ada, app.package_name, "head_position")
    await phone.send("button_press", buttonId="main", pressType="short")
    await phone.send("head_position", position="down")

    await socket.take("data_stream", streamType="head_position")
    assert len(deliveries(socket)) == 1


async def test_refused_entries_are_named_and_the_good_ones_kept(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_c(phone, ada, app)

    await socket.subscribe("transcription:en-US", "button_press", "location_stream", "transcription:EN_us")

    error = await socket.take("permission_error")
    assert {(entry["stream"], entry["requiredPermission"]) for entry in error["details"]} == {
        ("transcription:en-US", "MICROPHONE"),
        ("location_stream", "LOCATION"),
    }
    assert sorted(error["deniedPermissions"]) == ["LOCATION", "MICROPHONE"]
    denied = [await socket.take("permission_denied") for _ in range(2)]
    assert {entry["streamType"] for entry in denied} == {"transcription:en-US", "location_stream"}
    malformed = await socket.take("tpa_connection_error", code="MALFORMED_MESSAGE")
    assert "transcription:EN_us" in malformed["message"]
    await stage.until_subscribed(ada, app.package_name, "button_press")
    assert socket.is_open()


async def test_users_do_not_hear_one_another(stage: Stage) -> None:
    ada, bob = await stage.person(), await stage.person("bob")
    app = await stage.raw_app(ada, bob)
    adas, bobs = await stage.phone(ada), await stage.phone(bob)
    for_ada = await stage.start_a(adas, ada, app)
    for_bob = await stage.start_a(bobs, bob, app)
    await for_ada.subscribe("button_press")
    await for_bob.subscribe("button_press")
    await stage.until_subscribed(ada, app.package_name, "button_press")
    await stage.until_subscribed(bob, app.package_name, "button_press")

    await adas.send("button_press", buttonId="adas", pressType="short")
    await bobs.send("button_press", buttonId="bobs", pressType="short")

    await for_ada.take("data_stream", data={"buttonId": "adas"})
    await for_bob.take("data_stream", data={"buttonId": "bobs"})
    assert len(deliveries(for_ada)) == 1
    assert len(deliveries(for_bob)) == 1


async def test_an_app_learns_at_once_what_is_known_of_its_streams(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["ALL"])
    phone = await stage.phone(ada)
    for event in EVENTS:
        await phone.send_message(event)
    socket = await stage.start_c(phone, ada, app)

    await socket.subscribe("calendar_event", "glasses_battery_update", "location_stream", "location_update")

    await socket.take("data_stream", streamType="calendar_event", data={"eventId": "e"})
    await socket.take("data_stream", streamType="glasses_battery_update", data={"level": 72})
    await socket.take("data_stream", streamType="location_update", data={"lat": 52.52})
    await socket.send("ping")
    await socket.take("pong")
    assert len(deliveries(socket)) == 3
