"""Frames of any kind become a message, UnknownType or Malformed, and nothing else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.protocol import codec
from sessions_app.protocol.app_to_cloud import (
    AppDirectMessage,
    DisplayEvent,
    StreamStatusCheck,
    SubscriptionUpdate,
)
from sessions_app.protocol.cloud_to_app import AppMessageReceived, Pong
from sessions_app.protocol.codec import Malformed, UnknownType
from sessions_app.protocol.glasses_to_cloud import (
    CoreStatusUpdate,
    GlassesBatteryUpdate,
    StartApp,
    StreamStatus,
    Vad,
)
from sessions_app.protocol.layouts import TextWall
from tests.support.samples import list_samples

Decode = Callable[[str | bytes], object]
EVERY_DECODER = [
    codec.decode_from_glasses,
    codec.decode_from_app,
    codec.decode_to_glasses,
    codec.decode_to_app,
]
NESTED = 50_000
INBOUND_SAMPLES = [
    sample.text for direction in ("glasses_to_cloud", "app_to_cloud") for sample in list_samples(direction)
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def decode_or_refuse(decode: Decode, frame: str | bytes) -> object:
    """Return what decoding gives, None for Malformed; any other exception fails the test."""
    try:
        return decode(frame)
    except Malformed:
        return None


@pytest.mark.parametrize("decode", EVERY_DECODER)
@given(frame=st.text(st.characters(exclude_categories=())) | st.binary())
def test_no_frame_raises_anything_but_malformed(decode: Decode, frame: str | bytes) -> None:
    decode_or_refuse(decode, frame)


@pytest.mark.parametrize("decode", EVERY_DECODER)
@given(
    value=json_values,
    kind=st.sampled_from(["display_event", "VAD", "data_stream", "core_status_update", "x"]),
)
def test_no_json_raises_anything_but_malformed(decode: Decode, value: object, kind: str) -> None:
    decode_or_refuse(decode, json.dumps(value))
    decode_or_refuse(decode, json.dumps({"type": kind, "layout": value, "status": value, "data": value}))


@given(
    sample=st.sampled_from(INBOUND_SAMPLES),
    field=st.integers(min_value=0),
    value=json_values,
)
def test_a_sample_with_one_wrong_field_is_a_message_or_malformed(
    sample: str, field: int, value: object
) -> None:
    broken = json.loads(sample)
    broken[list(broken)[field % len(broken)]] = value
    frame = json.dumps(broken)
    for decode in (codec.decode_from_glasses, codec.decode_from_app):
        message = decode_or_refuse(decode, frame)
        if isinstance(message, msgspec.Struct):
            codec.encode(message)


@given(sample=st.sampled_from(INBOUND_SAMPLES), cut=st.integers(min_value=1, max_value=2000))
def test_a_cut_off_sample_is_malformed(sample: str, cut: int) -> None:
    shorter = sample.strip()[: -(cut % len(sample.strip()) or 1)]
    with pytest.raises(Malformed):
        codec.decode_from_app(shorter)


@pytest.mark.parametrize("decode", EVERY_DECODER)
@pytest.mark.parametrize(
    "frame",
    [
        "",
        "null",
        "7",
        '"display_event"',
        "[]",
        "{}",
        '{"type":null}',
        '{"type":7}',
        '{"type":["ping"]}',
        '{"type":"ping"} {"type":"ping"}',
        "{'type':'ping'}",
        '{"type":"ping","x":NaN}',
        '{"type":"ping","x":"\\ud800"}',
        '{"type":"ping","x":"\ud800"}',
        '{"type":"\ud800"}',
        b'{"type":"custom","x":"\xff"}',
        b"\xff\xfe",
        "[" * NESTED,
        '{"type":' * NESTED,
        f'{{"type":"ping","x":{"[" * NESTED}{"]" * NESTED}}}',
        f'{{"type":"custom","x":{"[" * NESTED}{"]" * NESTED}}}',
        f'{{"type":"subscription_update","subscriptions":{"[" * NESTED}{"]" * NESTED}}}',
    ],
)
def test_a_frame_that_is_no_message_is_malformed(decode: Decode, frame: str | bytes) -> None:
    with pytest.raises(Malformed) as refusal:
        decode(frame)
    assert str(refusal.value)


@pytest.mark.parametrize("digits", [20, 400, 5000])
def test_a_number_beyond_64_bits_is_malformed(digits: int) -> None:
    huge = "9" * digits
    with pytest.raises(Malformed, match=r"\$\.level"):
        codec.decode_from_glasses(f'{{"type":"glasses_battery_update","level":{huge}}}')
    with pytest.raises(Malformed, match=r"\$\.userIdHash"):
        codec.decode_from_glasses(f'{{"type":"udp_register","userIdHash":{huge}}}')
    with pytest.raises(Malformed, match=r"\$\.timestamp"):
        codec.decode_from_app(f'{{"type":"ping","timestamp":-{huge}}}')


@pytest.mark.parametrize(
    ("frame", "complaint"),
    [
        ('{"type":"start_app"}', "start_app: Object missing required field `packageName`"),
        ('{"type":"start_app","packageName":5}', "start_app: Expected `str`, got `int` - at `$.packageName`"),
        ('{"type":"phone_subscription_update","subscriptions":null}', "`$.subscriptions`"),
        ('{"packageName":"a"}', "missing required field `type`"),
    ],
)
def test_a_refusal_names_the_field(frame: str, complaint: str) -> None:
    with pytest.raises(Malformed) as refusal:
        codec.decode_from_glasses(frame)
    assert complaint in str(refusal.value)


def test_an_unknown_layout_is_malformed() -> None:
    with pytest.raises(Malformed, match=r"\$\.layout\.layoutType"):
        codec.decode_from_app('{"type":"display_event","layout":{"layoutType":"hologram"}}')


@pytest.mark.parametrize("decode", [codec.decode_from_glasses, codec.decode_from_app])
def test_an_unknown_type_keeps_its_frame(decode: Decode) -> None:
    frame = ' {"value": 1.50, "type": "custom_sensor"}'
    assert decode(frame) == UnknownType("custom_sensor", frame)
    assert decode(frame.encode()) == UnknownType("custom_sensor", frame)


def test_a_type_of_the_other_socket_is_unknown() -> None:
    assert codec.decode_from_app('{"type":"udp_register"}') == UnknownType(
        "udp_register", '{"type":"udp_register"}'
    )


def test_fields_nobody_declared_are_ignored_on_the_way_in() -> None:
    frame = '{"type":"start_app","packageName":"org.example.notes","mood":{"deep":[1,2]}}'
    assert codec.decode_from_glasses(frame) == StartApp("org.example.notes")


def test_fields_nobody_declared_are_refused_on_the_way_out() -> None:
    with pytest.raises(Malformed, match="mood"):
        codec.decode_to_app('{"type":"pong","timestamp":"t","mood":1}')


def test_absent_and_null_are_alike() -> None:
    absent = codec.decode_from_app('{"type":"stream_status_check"}')
    null = codec.decode_from_app('{"type":"stream_status_check","requestId":null,"timestamp":null}')
    assert absent == null == StreamStatusCheck()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1767322145678", 1767322145678),
        ("1767322145.678", 1767322145.678),
        ('"2026-01-02T03:04:05Z"', "2026-01-02T03:04:05Z"),
    ],
)
def test_timestamps_arrive_in_every_notation(text: str, value: object) -> None:
    message = codec.decode_from_glasses(f'{{"type":"open_dashboard","timestamp":{text}}}')
    assert getattr(message, "timestamp", None) == value


@pytest.mark.parametrize("level", [88, 88.0])
def test_numbers_arrive_with_and_without_a_point(level: float) -> None:
    message = codec.decode_from_glasses(json.dumps({"type": "glasses_battery_update", "level": level}))
    assert message == GlassesBatteryUpdate(88)


@pytest.mark.parametrize(
    ("status", "speaking"),
    [(True, True), (False, False), ("true", True), ("True", True), ("false", False), ("maybe", False)],
)
def test_voice_activity_is_read_from_booleans_and_texts(status: bool | str, speaking: bool) -> None:
    message = codec.decode_from_glasses(json.dumps({"type": "VAD", "status": status}))
    assert isinstance(message, Vad)
    assert message.is_speaking is speaking


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"core_info": {"brightness": 3}}, {"core_info": {"brightness": 3}}),
        ('{"core_info":{"brightness":3}}', {"core_info": {"brightness": 3}}),
        ("not json", {}),
        ("[1]", {}),
        ("[" * NESTED, {}),
        (None, {}),
    ],
)
def test_the_core_status_is_read_from_objects_and_texts(status: object, expected: object) -> None:
    message = codec.decode_from_glasses(json.dumps({"type": "core_status_update", "status": status}))
    assert isinstance(message, CoreStatusUpdate)
    assert message.read_status() == expected


def test_single_bad_subscriptions_do_not_spoil_the_list() -> None:
    entries = ["button_press", 5, None, ["x"], {"stream": "location_stream"}]
    message = codec.decode_from_app(json.dumps({"type": "subscription_update", "subscriptions": entries}))
    assert message == SubscriptionUpdate(entries)


def test_an_opaque_payload_keeps_its_bytes() -> None:
    payload = '{"big": 123456789012345678901234567890, "pi": 3.140}'
    message = codec.decode_from_app(
        f'{{"type":"app_direct_message","targetUserId":"alan@example.org","payload":{payload}}}'
    )
    assert isinstance(message, AppDirectMessage)
    sent = codec.encode(AppMessageReceived(payload=message.payload, timestamp="t"))
    assert payload in sent


def test_absent_opaque_fields_stay_absent() -> None:
    message = codec.decode_from_glasses('{"type":"stream_status","status":"active"}')
    assert isinstance(message, StreamStatus)
    assert codec.encode(message) == '{"type":"stream_status","status":"active"}'


def test_text_reaches_the_display_unchanged() -> None:
    text = "\u2028 $DATE$ \U0001f600 \x07 </script>"
    message = codec.decode_from_app(
        json.dumps({"type": "display_event", "layout": {"layoutType": "text_wall", "text": text}})
    )
    assert isinstance(message, DisplayEvent)
    assert message.layout == TextWall(text)
    assert json.loads(codec.encode(message))["layout"]["text"] == text


def test_none_is_left_out_and_the_type_comes_first() -> None:
    assert codec.encode(Pong(timestamp="t")) == '{"type":"pong","timestamp":"t"}'


@given(session_id=st.text(), stream=st.text(), payload=json_values)
def test_an_event_goes_out_with_its_payload_as_it_came(session_id: str, stream: str, payload: object) -> None:
    raw = json.dumps(payload, indent=1, ensure_ascii=False)
    frame = codec.data_stream(session_id, stream, raw, "t")
    assert raw in frame
    assert frame == codec.data_stream(session_id, stream, raw.encode(), "t")
    assert json.loads(frame) == {
        "type": "data_stream",
        "sessionId": session_id,
        "streamType": stream,
        "data": payload,
        "timestamp": "t",
    }


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 678_999, tzinfo=UTC), "2026-01-02T03:04:05.678Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05.000Z"),
        (datetime(2026, 1, 2, 1, 4, 5, tzinfo=timezone(timedelta(hours=2))), "2026-01-01T23:04:05.000Z"),
    ],
)
def test_times_are_written_in_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert codec.iso(moment) == text
