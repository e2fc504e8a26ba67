"""Sound that apps have played, light, view and Wi-Fi: what is refused, and what ends with the app (media.md §2, §7)."""

import json
from typing import Any

import pytest

from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codes import StopReason
from tests.support.fake_clock import FakeClock
from tests.support.runtime import PACKAGE, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
OTHER = "com.example.other"


def play(request_id: str = "a1", **fields: Any) -> str:
    message = {"type": "audio_play_request", "requestId": request_id, "audioUrl": "http://x/y.mp3"}
    return json.dumps({**message, **fields})


def light(request_id: str = "l1", **fields: Any) -> str:
    return json.dumps({"type": "rgb_led_control", "requestId": request_id, "action": "on", **fields})


def played(request_id: str) -> str:
    return json.dumps({"type": "audio_play_response", "requestId": request_id, "success": True})


async def test_two_apps_may_choose_the_same_id(session: Session) -> None:
    runtime, phone, _ = session
    links = []
    for package in (PACKAGE, OTHER):
        seat, link = seat_app(runtime, make_facts(package=package))
        dispatch_from_app(runtime, seat, play(stopOtherAudio=True))
        links.append(link)
    first, second = (asked["requestId"] for asked in phone.of_type("audio_play_request"))
    assert first == "a1"
    assert second != "a1"
    dispatch_from_glasses(runtime, played(second))
    assert [len(link.sent) for link in links] == [0, 1]
    dispatch_from_glasses(runtime, played(first))
    assert [link.of_type("audio_play_response")[0]["requestId"] for link in links] == ["a1", "a1"]


async def test_nobody_is_told_of_a_time_out_that_nobody_waits_for(session: Session) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, play("a1", stopOtherAudio=False))
    dispatch_from_app(runtime, seat, play("a2", stopOtherAudio=False))
    clock.advance(59.9)
    dispatch_from_glasses(runtime, played("a1"))
    clock.advance(1)
    assert [answer["requestId"] for answer in link.of_type("audio_play_response")] == ["a1"]


async def test_an_answer_waits_for_an_app_whose_socket_is_on_its_way_back(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, play())
    runtime.apps.detach(PACKAGE, link.connection, "network")
    dispatch_from_glasses(runtime, played("a1"))
    assert [json.loads(text)["requestId"] for text in seat.held.take()] == ["a1"]


async def test_a_light_is_as_the_sdks_have_it(session: Session) -> None:
    runtime, phone, _ = session
    seat, _ = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, light())
    (sent,) = phone.of_type("rgb_led_control")
    assert (sent["color"], sent["ontime"], sent["offtime"], sent["count"]) == ("red", 1000, 0, 1)
    assert sent["appId"] == PACKAGE


async def test_a_wrong_light_or_glasses_without_one_are_named(session: Session) -> None:
    runtime, phone, _ = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, light(color="violet"))
    dispatch_from_glasses(
        runtime, '{"type":"glasses_connection_state","modelName":"Even Realities G1","status":"CONNECTED"}'
    )
    dispatch_from_app(runtime, seat, light())
    first, second = (answer["error"] for answer in link.of_type("rgb_led_control_response"))
    assert first.startswith("MALFORMED_MESSAGE")
    assert second.startswith("NOT_SUPPORTED")
    assert not phone.of_type("rgb_led_control")


async def test_a_stopped_app_leaves_no_light_no_sound_and_no_request(session: Session) -> None:
    runtime, phone, clock = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, light(ontime=60_000))
    stream_id = "8f14e45f-ceea-467f-9575-6a1c54a5f3b1"
    dispatch_from_app(runtime, seat, json.dumps({"type": "audio_stream_start", "streamId": stream_id}))
    dispatch_from_app(runtime, seat, play(f"stream_{stream_id}", trackId=1))
    dispatch_from_app(runtime, seat, play("a1"))
    link.sent.clear()

    link.is_open = False
    await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "enough")

    assert [sent["action"] for sent in phone.of_type("rgb_led_control")] == ["on", "off"]
    assert [sent["trackId"] for sent in phone.of_type("audio_stop_request")] == [1]
    assert not len(runtime.speaker)
    assert not len(runtime.requests)
    clock.advance(120)
    assert not link.of_type("audio_play_response")


@pytest.mark.parametrize("how", ["it went out", "another has it", "it was switched off"])
async def test_a_light_that_is_not_the_stopped_app_s_stays_as_it_is(session: Session, how: str) -> None:
    runtime, phone, clock = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, light(ontime=2_000, count=2))
    if how == "it went out":
        clock.advance(4)
    elif how == "another has it":
        other, _ = seat_app(runtime, make_facts(package=OTHER))
        dispatch_from_app(runtime, other, light("l2", ontime=60_000))
    else:
        dispatch_from_app(runtime, seat, light("l2", action="off"))
    phone.sent.clear()
    link.is_open = False
    await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "enough")
    assert not phone.of_type("rgb_led_control")


async def test_a_view_the_camera_does_not_have_is_refused(session: Session) -> None:
    runtime, phone, _ = session
    seat, link = seat_app(runtime, make_facts("CAMERA"))
    for fov in (62, 70, 118):
        message = {"type": "camera_fov_set", "requestId": f"f{fov}", "fov": fov, "roiPosition": "top"}
        dispatch_from_app(runtime, seat, json.dumps(message))
    assert [sent["fov"] for sent in phone.of_type("camera_fov_set")] == [62, 118]
    (error,) = link.of_type("tpa_connection_error")
    assert (error["code"], error["requestId"]) == ("MALFORMED_MESSAGE", "f70")


async def test_wifi_is_asked_for_once_in_ten_seconds_and_only_when_the_phone_is_there(
    session: Session,
) -> None:
    runtime, phone, clock = session
    seat, link = seat_app(runtime, make_facts())
    ask = '{"type":"request_wifi_setup","reason":"Streaming"}'
    runtime.phone.link = None
    dispatch_from_app(runtime, seat, ask)
    clock.advance(5.1)
    runtime.phone.link = phone
    runtime.phone.heard_at = clock.monotonic()
    for _ in range(2):
        dispatch_from_app(runtime, seat, ask)
    clock.advance(10)
    dispatch_from_app(runtime, seat, ask)
    assert [error["code"] for error in link.of_type("tpa_connection_error")] == [
        "PHONE_DISCONNECTED",
        "RATE_LIMITED",
    ]
    shown = phone.of_type("show_wifi_setup")
    assert [each["appPackageName"] for each in shown] == [PACKAGE, PACKAGE]
