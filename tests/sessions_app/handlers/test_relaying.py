"""Events reach the apps that asked for them, their payload untouched, under the name the app used."""

import json
from datetime import timedelta

import pytest

from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.families import Family
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingJournal, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]


async def test_a_button_reaches_its_subscriber_untouched(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.A, "button_press")
    raw = {"type": "button_press", "buttonId": "main", "pressType": "short", "extra": [1, {"a": None}]}
    dispatch_from_glasses(runtime, json.dumps(raw))
    (message,) = link.of_type("data_stream")
    assert message["data"] == raw
    assert message["sessionId"] == "ada@example.com-com.example.captions"


@pytest.mark.parametrize(
    "report",
    [
        {"type": "swipe_volume_status", "enabled": True, "timestamp": 1767322145678},
        {"type": "switch_status", "switch_type": 1, "switch_value": 0, "timestamp": 1767322145678},
        {"type": "video_stream_response", "appId": "com.example.captions", "success": True},
        {"type": "vps_coordinates", "deviceModel": "x", "requestId": "v1", "x": 1.5, "y": 0, "z": -3.25}
        | {"qx": 0, "qy": 0, "qz": 0, "qw": 1, "confidence": 0.93},
    ],
    ids=lambda report: str(report["type"]),
)
async def test_a_report_reaches_its_subscriber_untouched(session: Session, report: dict[str, object]) -> None:
    runtime, phone, _ = session
    _, link = seat_app(runtime, make_facts("LOCATION", "CAMERA"), Family.A, str(report["type"]))
    dispatch_from_glasses(runtime, json.dumps(report))
    (message,) = link.of_type("data_stream")
    assert (message["streamType"], message["data"]) == (report["type"], report)
    assert phone.sent == []


async def test_the_status_of_an_older_phone_says_what_glasses_it_has(session: Session) -> None:
    runtime, phone, _ = session
    _, link = seat_app(runtime, make_facts(), Family.A, "core_status_update")
    status = {"core_info": {"brightness": 50}, "connected_glasses": {"model_name": "Mentra Live"}}
    dispatch_from_glasses(runtime, json.dumps({"type": "core_status_update", "status": json.dumps(status)}))
    assert (runtime.data.device.model_name, runtime.data.uses_old_names) == ("Mentra Live", True)
    (message,) = link.of_type("data_stream")
    assert json.loads(message["data"]["status"]) == status
    assert not phone.of_type("websocket_error")


async def test_an_app_that_did_not_ask_hears_nothing(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.C, "head_position")
    dispatch_from_glasses(runtime, '{"type":"button_press","buttonId":"main","pressType":"short"}')
    assert not link.of_type("data_stream")


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (Family.A, ["touch_event", "touch_event:double_tap"]),
        (Family.B, ["touch_event", "touch_event:double_tap"]),
        (Family.C, ["touch_event:double_tap"]),
    ],
)
async def test_a_gesture_is_delivered_as_the_family_needs_it(
    session: Session, family: Family, expected: list[str]
) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), family, "touch_event", "touch_event:double_tap")
    dispatch_from_glasses(runtime, '{"type":"touch_event","gesture_name":"double_tap","device_model":"x"}')
    assert sorted(message["streamType"] for message in link.of_type("data_stream")) == expected


async def test_local_words_come_as_a_transcription(session: Session) -> None:
    runtime, _, _ = session
    key = "transcription:en-US?no-language-identification=true"
    _, link = seat_app(runtime, make_facts("MICROPHONE"), Family.A, key)
    dispatch_from_glasses(
        runtime,
        '{"type":"local_transcription","text":"hi","isFinal":true,"startTime":1,"endTime":2,'
        '"speakerId":0,"transcribeLanguage":"en-US","provider":"sherpa"}',
    )
    (message,) = link.of_type("data_stream")
    assert message["streamType"] == key
    assert message["data"]["type"] == "transcription"
    assert (message["data"]["text"], message["data"]["isFinal"]) == ("hi", True)
    assert runtime.upkeep.counters.transcripts == 1


async def test_final_local_words_are_kept_while_somebody_wants_words(session: Session) -> None:
    runtime, _, clock = session
    said = (
        '{"type":"local_transcription","text":"%s","isFinal":%s,"startTime":1000,"endTime":3500,'
        '"speakerId":2,"transcribeLanguage":"de-DE","provider":"sherpa"}'
    )
    dispatch_from_glasses(runtime, said % ("nobody asked", "true"))
    seat_app(runtime, make_facts("MICROPHONE"), Family.A, "transcription:en-US")
    dispatch_from_glasses(runtime, said % ("hal", "false"))
    dispatch_from_glasses(runtime, said % ("hallo", "true"))
    journal = runtime.upkeep.journal
    assert isinstance(journal, RecordingJournal)
    clock.advance(1)
    [(_, _, kept)] = [write for write in journal.writes if write[0] == "keep_words"]
    [words] = kept["words"]
    assert (words.text, words.language, words.speaker, words.setting) == ("hallo", "de-DE", "2", "phone")
    assert words.ended_at - words.started_at == timedelta(seconds=2.5)


@pytest.mark.parametrize("times", [(-1e300, 1e300), (5, 1), (-7, -3)])
async def test_odd_times_of_a_phone_break_nothing(session: Session, times: tuple[float, float]) -> None:
    runtime, _, clock = session
    seat_app(runtime, make_facts("MICROPHONE"), Family.A, "transcription:en-US")
    begin, end = times
    dispatch_from_glasses(
        runtime,
        f'{{"type":"local_transcription","text":"x","isFinal":true,"startTime":{begin},"endTime":{end}}}',
    )
    journal = runtime.upkeep.journal
    assert isinstance(journal, RecordingJournal)
    clock.advance(1)
    [(_, _, kept)] = [write for write in journal.writes if write[0] == "keep_words"]
    assert kept["words"][0].started_at <= kept["words"][0].ended_at


async def test_sound_reaches_who_may_hear_it_byte_for_byte(session: Session) -> None:
    runtime, _, clock = session
    _, hears = seat_app(runtime, make_facts("MICROPHONE"), Family.C, "audio_chunk")
    _, deaf = seat_app(runtime, make_facts(package="com.example.deaf"), Family.C, "audio_chunk")
    clock.advance(0.2)
    runtime.audio.take(b"\x01\x02\x03")
    runtime.audio.take(b"\x04\x05\x06")
    assert b"".join(hears.sound) == b"\x01\x02\x03\x04\x05\x06"
    assert not deaf.sound
    assert runtime.audio.counts.received_bytes == 6


async def test_what_is_known_is_sent_to_a_new_subscriber(session: Session) -> None:
    runtime, _, _ = session
    dispatch_from_glasses(runtime, '{"type":"location_update","lat":52.5,"lng":13.4}')
    dispatch_from_glasses(runtime, '{"type":"glasses_battery_update","level":72}')
    dispatch_from_glasses(
        runtime, '{"type":"calendar_event","eventId":"e","title":"t","dtStart":"a","dtEnd":"b"}'
    )
    seat, link = seat_app(runtime, make_facts("LOCATION", "CALENDAR"), Family.C)
    subscriptions = '["location_stream","glasses_battery_update","calendar_event"]'
    dispatch_from_app(runtime, seat, f'{{"type":"subscription_update","subscriptions":{subscriptions}}}')
    known = {message["streamType"]: message["data"] for message in link.of_type("data_stream")}
    assert known["location_stream"]["lat"] == 52.5
    assert known["glasses_battery_update"]["level"] == 72
    assert known["calendar_event"]["eventId"] == "e"


async def test_the_phone_hears_its_own_subscriptions(session: Session) -> None:
    runtime, phone, _ = session
    dispatch_from_glasses(runtime, '{"type":"phone_subscription_update","subscriptions":["button_press"]}')
    dispatch_from_glasses(runtime, '{"type":"button_press","buttonId":"main","pressType":"short"}')
    assert phone.of_type("data_stream")[0]["streamType"] == "button_press"


async def test_device_reports_are_coalesced_and_say_only_what_changed(session: Session) -> None:
    runtime, _, clock = session
    _, link = seat_app(runtime, make_facts())
    for level in (70, 69, 68):
        dispatch_from_glasses(runtime, f'{{"type":"glasses_battery_update","level":{level}}}')
    clock.advance(1.0)
    (update,) = link.of_type("device_state_update")
    assert update["state"] == {"batteryLevel": 68}
    assert update["fullSnapshot"] is False


async def test_a_new_model_changes_the_capabilities(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts())
    dispatch_from_glasses(
        runtime, '{"type":"glasses_connection_state","modelName":"Mentra Live","status":"CONNECTED"}'
    )
    (update,) = link.of_type("capabilities_update")
    assert update["modelName"] == "Mentra Live"
    assert update["capabilities"]["hasCamera"] is True
