"""Which subscriptions are accepted, and what they ask of the microphone (app-socket §5)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.protocol.families import Family
from sessions_app.protocol.permissions import PermissionType
from sessions_app.protocol.streams import parse_stream
from sessions_app.streams.rules import (
    CONNECTION_STATE,
    MAX_ENTRIES,
    heard_keys,
    judge_subscriptions,
    microphone_need,
    needs_audio,
    required_permission,
)

EVERYTHING = frozenset(PermissionType)
NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("stream", "permission"),
    [
        ("audio_chunk", PermissionType.MICROPHONE),
        ("transcription", PermissionType.MICROPHONE),
        ("transcription:auto?hints=de", PermissionType.MICROPHONE),
        ("translation:en-ja", PermissionType.MICROPHONE),
        ("VAD", PermissionType.MICROPHONE),
        ("location_update", PermissionType.LOCATION),
        ("location_stream", PermissionType.LOCATION),
        ("calendar_event", PermissionType.CALENDAR),
        ("phone_notification", PermissionType.READ_NOTIFICATIONS),
        ("phone_notification_dismissed", PermissionType.READ_NOTIFICATIONS),
        ("photo_response", PermissionType.CAMERA),
        ("photo_taken", PermissionType.CAMERA),
        ("stream_status", PermissionType.CAMERA),
        ("rtmp_stream_status", PermissionType.CAMERA),
        ("managed_stream_status", PermissionType.CAMERA),
        ("button_press", None),
        ("head_position", None),
        ("touch_event:double_tap", None),
        ("glasses_battery_update", None),
        ("vps_coordinates", None),
        ("augmentos:*", None),
        ("custom_sensor", None),
        ("all", None),
        ("*", None),
    ],
)
def test_each_stream_needs_its_permission(stream: str, permission: PermissionType | None) -> None:
    assert required_permission(parse_stream(stream)) is permission


def test_good_entries_are_kept_in_order_and_once() -> None:
    judgement = judge_subscriptions(["button_press", "VAD", "button_press", "head_position"], EVERYTHING)
    assert [key.raw for key in judgement.accepted] == ["button_press", "VAD", "head_position"]


def test_an_entry_without_its_permission_is_denied_and_the_rest_stays() -> None:
    judgement = judge_subscriptions(["transcription:en-US", "button_press"], NOTHING)
    assert [key.raw for key in judgement.accepted] == ["button_press"]
    (denied,) = judgement.denied
    assert (denied.stream, denied.permission) == ("transcription:en-US", PermissionType.MICROPHONE)
    assert denied.message == "The app has not declared MICROPHONE"


def test_a_malformed_entry_is_named_with_a_reason() -> None:
    judgement = judge_subscriptions(["transcription:klingon!", 7, "VAD"], EVERYTHING)
    assert [entry for entry, _ in judgement.malformed] == ["transcription:klingon!", "7"]
    assert all(reason for _, reason in judgement.malformed)
    assert [key.raw for key in judgement.accepted] == ["VAD"]


def test_the_rate_of_a_location_counts() -> None:
    judgement = judge_subscriptions([{"stream": "location_stream", "rate": "high"}], EVERYTHING)
    assert judgement.accepted[0].rate == "high"


def test_a_list_beyond_the_limit_is_cut_and_said_so() -> None:
    judgement = judge_subscriptions([f"sensor_{number}" for number in range(MAX_ENTRIES + 50)], NOTHING)
    assert len(judgement.accepted) == MAX_ENTRIES
    assert len(judgement.malformed) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
entries = st.sampled_from(["VAD", "button_press", "transcription:en", "translation:en-ja", "*"]) | json_values


@given(st.lists(entries, max_size=10))
def test_every_entry_of_any_list_is_judged(items: list[Any]) -> None:
    judgement = judge_subscriptions(items, NOTHING)
    assert all(required_permission(key) is None for key in judgement.accepted)
    judged = {key.raw for key in judgement.accepted} | {each.stream for each in judgement.denied}
    judged |= {entry for entry, _ in judgement.malformed}
    assert bool(items) == bool(judged)


@pytest.mark.parametrize("stream", ["audio_chunk", "transcription:en", "translation:en-ja", "VAD"])
def test_sound_and_speech_need_the_microphone(stream: str) -> None:
    assert needs_audio([parse_stream(stream)])


@pytest.mark.parametrize("stream", ["button_press", "all", "location_stream"])
def test_other_streams_do_not_turn_the_microphone_on(stream: str) -> None:
    assert not needs_audio([parse_stream(stream)])


@pytest.mark.parametrize(
    ("streams", "setting", "need"),
    [
        ([], True, (False, (), False)),
        (["button_press"], False, (False, (), False)),
        (["VAD"], False, (True, ("pcm",), False)),
        (["VAD"], True, (True, ("pcm",), True)),
        (["transcription:en", "audio_chunk"], False, (True, ("pcm",), True)),
    ],
)
def test_the_microphone_is_on_for_listeners_and_raw_audio_bypasses_the_voice_detection(
    streams: list[str], setting: bool, need: tuple[bool, tuple[str, ...], bool]
) -> None:
    assert microphone_need([parse_stream(each) for each in streams], bypass_vad=setting) == need


@pytest.mark.parametrize(("family", "hears"), [(Family.A, True), (Family.B, True), (Family.C, False)])
def test_older_sdks_hear_of_the_connection_without_asking(family: Family, hears: bool) -> None:
    keys = (parse_stream("button_press"),)
    assert (CONNECTION_STATE in heard_keys(keys, family)) is hears


@pytest.mark.parametrize("family", list(Family))
def test_a_connection_that_was_asked_for_is_heard_once(family: Family) -> None:
    keys = (CONNECTION_STATE,)
    assert heard_keys(keys, family) == keys
