"""Requests to phone and glasses are answered in time, naming the hop that failed, and never close a socket."""

import json

import pytest

from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.requests import MOST_OF_AN_APP
from sessions_app.protocol.families import Family
from sessions_app.speech.links import listener_of
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]

AUDIO = '{"type":"audio_play_request","requestId":"a1","audioUrl":"/api/tts?text=Hi","trackId":2}'
LED = '{"type":"rgb_led_control","requestId":"l1","action":"on","color":"red"}'
ANSWERS = [
    (AUDIO, "audio_play_response", 55.0),
    (LED, "rgb_led_control_response", 10.0),
]


@pytest.mark.parametrize(("request_", "answer", "seconds"), ANSWERS)
async def test_a_silent_phone_is_named_before_the_sdk_gives_up(
    session: Session, request_: str, answer: str, seconds: float
) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts("CAMERA"))
    dispatch_from_app(runtime, seat, request_)
    clock.advance(seconds - 0.1)
    assert not link.of_type(answer)
    clock.advance(0.2)
    (said,) = link.of_type(answer)
    assert said["success"] is False
    assert "TIMEOUT" in json.dumps(said["error"])
    assert link.is_open


@pytest.mark.parametrize(("request_", "answer", "_"), ANSWERS)
async def test_an_absent_phone_is_waited_for_and_then_named(
    session: Session, request_: str, answer: str, _: float
) -> None:
    runtime, phone, clock = session
    seat, link = seat_app(runtime, make_facts("CAMERA"))
    runtime.phone.link = None
    dispatch_from_app(runtime, seat, request_)
    assert not link.of_type(answer)
    clock.advance(5.1)
    assert "PHONE_DISCONNECTED" in json.dumps(link.of_type(answer)[0]["error"])
    assert not phone.sent


async def test_an_answer_reaches_only_the_app_that_asked(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    _, other = seat_app(runtime, make_facts(package="com.example.other"))
    dispatch_from_app(runtime, seat, LED)
    dispatch_from_glasses(runtime, '{"type":"rgb_led_control_response","requestId":"l1","success":true}')
    dispatch_from_glasses(runtime, '{"type":"rgb_led_control_response","requestId":"l1","success":true}')
    assert len(link.of_type("rgb_led_control_response")) == 1
    assert not other.sent


async def test_nobody_takes_over_the_request_of_another_app(session: Session) -> None:
    runtime, phone, _ = session
    seat, link = seat_app(runtime, make_facts())
    thief, loot = seat_app(runtime, make_facts(package="com.example.thief"))
    dispatch_from_app(runtime, seat, LED)
    dispatch_from_app(runtime, thief, LED)
    dispatch_from_glasses(runtime, '{"type":"rgb_led_control_response","requestId":"l1","success":true}')
    assert link.of_type("rgb_led_control_response")[0]["success"] is True
    assert not loot.of_type("rgb_led_control_response")
    assert len(phone.of_type("rgb_led_control")) == 2


async def test_waiting_for_the_glasses_is_part_of_the_time(session: Session) -> None:
    runtime, phone, clock = session
    seat, link = seat_app(runtime, make_facts())
    runtime.phone.link = None
    dispatch_from_app(runtime, seat, AUDIO)
    clock.advance(4.0)
    runtime.phone.link = phone
    runtime.requests.reachable()
    assert phone.of_type("audio_play_request")
    clock.advance(50.9)
    assert not link.of_type("audio_play_response")
    clock.advance(0.2)
    assert "TIMEOUT" in link.of_type("audio_play_response")[0]["error"]


async def test_the_phone_gets_a_text_to_be_read_as_a_signed_address_of_ours(session: Session) -> None:
    runtime, phone, _ = session
    seat, _ = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, AUDIO)
    (asked,) = phone.of_type("audio_play_request")
    address, _, query = asked["audioUrl"].partition("?")
    assert address == "http://127.0.0.1:8000/api/tts"
    assert query.startswith("text=Hi&")
    assert listener_of(query) == runtime.ref.session_id
    assert asked["trackId"] == 2


@pytest.mark.parametrize(("asked", "sent"), [("-1", 0.0), ("0.5", 0.5), ("7", 1.0), ("null", 1.0)])
async def test_the_volume_stays_between_nothing_and_full(session: Session, asked: str, sent: float) -> None:
    runtime, phone, _ = session
    seat, _ = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, AUDIO.replace('"trackId":2', f'"volume":{asked}'))
    assert phone.of_type("audio_play_request")[0]["volume"] == sent


async def test_a_poll_is_answered_from_a_fresh_position(session: Session) -> None:
    runtime, phone, _ = session
    dispatch_from_glasses(runtime, '{"type":"location_update","lat":1.5,"lng":2.5}')
    seat, link = seat_app(runtime, make_facts("LOCATION"))
    dispatch_from_app(
        runtime, seat, '{"type":"location_poll_request","correlationId":"c1","accuracy":"high"}'
    )
    (answer,) = link.of_type("data_stream")
    assert answer["data"]["correlationId"] == "c1"
    assert not phone.of_type("request_single_location")


async def test_a_poll_asks_the_phone_and_answers_only_the_asker_with_the_id(session: Session) -> None:
    runtime, phone, _ = session
    seat, link = seat_app(runtime, make_facts("LOCATION"))
    _, follower = seat_app(
        runtime, make_facts("LOCATION", package="com.example.map"), Family.C, "location_stream"
    )
    dispatch_from_app(
        runtime, seat, '{"type":"location_poll_request","correlationId":"c1","accuracy":"high"}'
    )
    assert phone.of_type("request_single_location")[0]["correlationId"] == "c1"
    dispatch_from_glasses(runtime, '{"type":"location_update","lat":1,"lng":2,"correlationId":"c1"}')
    assert link.of_type("data_stream")[0]["data"]["correlationId"] == "c1"
    assert "correlationId" not in follower.of_type("data_stream")[0]["data"]


async def test_a_poll_without_any_position_times_out_with_a_code(session: Session) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts("LOCATION"))
    dispatch_from_app(runtime, seat, '{"type":"location_poll_request","correlationId":"c1"}')
    clock.advance(12.1)
    (error,) = link.of_type("tpa_connection_error")
    assert (error["code"], error["requestId"]) == ("TIMEOUT", "c1")


@pytest.mark.parametrize(("request_", "answer", "_seconds"), ANSWERS)
async def test_whoever_waits_is_told_when_the_phone_has_left(
    session: Session, request_: str, answer: str, _seconds: float
) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts("CAMERA"))
    dispatch_from_app(runtime, seat, request_)
    runtime.phone.link = None
    runtime.requests.give_up()
    (told,) = link.of_type(answer)
    assert "PHONE_DISCONNECTED" in json.dumps(told)
    clock.advance(60)
    assert len(link.of_type(answer)) == 1


async def test_a_poll_without_the_permission_is_refused(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, '{"type":"location_poll_request","correlationId":"c1"}')
    assert link.of_type("permission_error")[0]["deniedPermissions"] == ["LOCATION"]


async def test_polls_without_end_are_refused_with_a_code(session: Session) -> None:
    runtime, phone, _ = session
    seat, link = seat_app(runtime, make_facts("LOCATION"))
    for number in range(MOST_OF_AN_APP + 3):
        dispatch_from_app(runtime, seat, f'{{"type":"location_poll_request","correlationId":"c{number}"}}')

    assert len(phone.of_type("request_single_location")) == MOST_OF_AN_APP
    assert [error["code"] for error in link.of_type("tpa_connection_error")] == ["RATE_LIMITED"] * 3


async def test_requests_without_end_for_an_absent_phone_are_refused_at_once(session: Session) -> None:
    runtime, phone, _ = session
    phone.is_open = False
    seat, link = seat_app(runtime, make_facts())
    for number in range(MOST_OF_AN_APP + 3):
        dispatch_from_app(runtime, seat, AUDIO.replace("a1", f"a{number}"))

    assert len(runtime.requests) == MOST_OF_AN_APP
    assert len(link.of_type("audio_play_response")) == 3
