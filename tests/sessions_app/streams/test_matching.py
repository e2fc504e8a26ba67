"""Under which names an app gets an event (app-socket §6.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.protocol.families import Family
from sessions_app.protocol.permissions import PermissionType
from sessions_app.protocol.streams import parse_stream
from sessions_app.streams.matching import Event, stream_types_for

EVERYTHING = frozenset(PermissionType)
OLD_FAMILIES = [Family.A, Family.B]


def types_for(
    event: Event, family: Family, *subscriptions: str, granted: frozenset[str] = EVERYTHING
) -> list[str]:
    keys = [parse_stream(each) for each in subscriptions]
    return list(stream_types_for(event, keys, family, granted))


DOUBLE_TAP = Event("touch_event", gesture="double_tap")
ENGLISH = Event("transcription", language="en-US")
GERMAN = Event("transcription", language="de-DE")


@pytest.mark.parametrize("family", Family)
def test_an_event_goes_to_those_who_asked_for_it(family: Family) -> None:
    assert types_for(Event("button_press"), family, "button_press", "VAD") == ["button_press"]
    assert types_for(Event("button_press"), family, "VAD") == []


@pytest.mark.parametrize("family", OLD_FAMILIES)
def test_a_and_b_get_one_delivery_per_matching_key(family: Family) -> None:
    assert types_for(
        DOUBLE_TAP, family, "touch_event", "touch_event:double_tap", "touch_event:long_press"
    ) == [
        "touch_event",
        "touch_event:double_tap",
    ]


def test_c_gets_the_most_specific_key_only() -> None:
    assert types_for(DOUBLE_TAP, Family.C, "touch_event", "touch_event:double_tap") == [
        "touch_event:double_tap"
    ]
    assert types_for(DOUBLE_TAP, Family.C, "touch_event", "touch_event:long_press") == ["touch_event"]


def test_c_prefers_the_spoken_language_to_any_language() -> None:
    keys = ("transcription:auto", "transcription:en")
    assert types_for(ENGLISH, Family.C, *keys) == ["transcription:en"]
    assert types_for(GERMAN, Family.C, *keys) == ["transcription:auto"]


def test_the_options_of_a_key_are_echoed() -> None:
    key = "transcription:en-US?no-language-identification=true&hints=es%2Cfr"
    assert types_for(ENGLISH, Family.A, key, "transcription:en-US") == [key, "transcription:en-US"]


def test_the_old_plain_transcription_hears_american_english() -> None:
    assert types_for(ENGLISH, Family.A, "transcription") == ["transcription"]
    assert types_for(GERMAN, Family.A, "transcription") == []


@pytest.mark.parametrize(
    ("wanted", "spoken", "heard"),
    [
        ("en", "en-GB", True),
        ("en-US", "en-GB", False),
        ("en-US", "en", True),
        ("ja", "ja-JP", True),
        ("de", "en", False),
    ],
)
def test_a_country_only_counts_where_both_sides_name_one(wanted: str, spoken: str, heard: bool) -> None:
    event = Event("transcription", language=spoken)
    assert types_for(event, Family.A, f"transcription:{wanted}") == (
        [f"transcription:{wanted}"] if heard else []
    )


def test_words_of_a_recognizer_reach_those_who_asked_for_its_setting() -> None:
    event = Event("transcription", language="en", asked="en-US")
    keys = ("transcription:auto", "transcription:en", "transcription:en-US", "transcription:de")
    assert types_for(event, Family.A, *keys) == ["transcription:en", "transcription:en-US"]


def test_c_does_not_hear_the_same_words_from_two_recognizers() -> None:
    keys = ("transcription:auto", "transcription:en")
    english = Event("transcription", language="en-US", asked="auto")
    german = Event("transcription", language="de-DE", asked="auto")
    assert types_for(english, Family.C, *keys) == []
    assert types_for(english._replace(asked="en-US"), Family.C, *keys) == ["transcription:en"]
    assert types_for(german, Family.C, *keys) == ["transcription:auto"]


def test_a_translation_matches_by_pair() -> None:
    event = Event("translation", language="es-ES", target="en-US")
    keys = (
        "translation:es-ES-to-en-US",
        "translation:all-to-en-US",
        "translation:es-ES-to-ja-JP",
        "translation:de-en",
    )
    assert types_for(event, Family.A, *keys) == list(keys[:2])


def test_c_gets_one_translation() -> None:
    event = Event("translation", language="en", target="ja")
    assert types_for(event, Family.C, "translation:auto-ja", "translation:en-ja") == ["translation:en-ja"]


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("stream", ["location_update", "location_stream"])
def test_a_location_is_delivered_once(family: Family, stream: str) -> None:
    event = Event(stream)
    assert types_for(event, family, "location_stream", "location_update") == ["location_update"]
    assert types_for(event, family, "location_stream") == ["location_stream"]


@pytest.mark.parametrize("stream", ["all", "*"])
def test_all_hears_everything_it_has_the_permission_for(stream: str) -> None:
    assert types_for(Event("button_press"), Family.A, stream, granted=frozenset()) == [stream]
    assert types_for(Event("custom_sensor"), Family.A, stream, granted=frozenset()) == [stream]
    assert types_for(ENGLISH, Family.A, stream, granted=frozenset()) == []
    assert types_for(ENGLISH, Family.A, stream) == [stream]


def test_all_is_the_least_specific_key() -> None:
    assert types_for(Event("button_press"), Family.C, "all", "button_press") == ["button_press"]
    assert types_for(Event("button_press"), Family.A, "all", "button_press") == ["all", "button_press"]


def test_settings_reach_those_who_asked_for_the_key_or_for_all_keys() -> None:
    event = Event("augmentos", setting_key="metricSystemEnabled")
    keys = ("augmentos:metricSystemEnabled", "augmentos:brightness", "augmentos:*", "all")
    assert types_for(event, Family.A, *keys) == ["augmentos:metricSystemEnabled", "augmentos:*"]


SUBSCRIPTIONS = [
    "all",
    "audio_chunk",
    "button_press",
    "location_stream",
    "location_update",
    "touch_event",
    "touch_event:double_tap",
    "transcription",
    "transcription:auto",
    "transcription:de",
    "transcription:en",
    "translation:auto-ja",
    "translation:en-ja",
]
events = st.builds(
    Event,
    stream=st.sampled_from(
        ["button_press", "touch_event", "transcription", "translation", "location_update", "odd"]
    ),
    language=st.sampled_from([None, "en", "en-US", "de-DE"]),
    target=st.sampled_from([None, "ja", "ja-JP", "en"]),
    asked=st.sampled_from([None, "auto", "en-US"]),
    gesture=st.sampled_from([None, "double_tap"]),
)


@given(events, st.lists(st.sampled_from(SUBSCRIPTIONS), unique=True))
def test_names_are_subscribed_ones_and_c_gets_at_most_one_of_those_of_a(
    event: Event, subscriptions: list[str]
) -> None:
    of_a = types_for(event, Family.A, *subscriptions)
    of_c = types_for(event, Family.C, *subscriptions)
    assert len(set(of_a)) == len(of_a)
    assert set(of_a) <= set(subscriptions)
    assert len(of_c) <= 1
    assert set(of_c) <= set(of_a)
