"""The subscription grammar: what it accepts, what it refuses, and that it echoes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.protocol.streams import (
    GESTURES,
    MAX_SUBSCRIPTION_LENGTH,
    BadStream,
    LocationTier,
    StreamKey,
    StreamName,
    parse_stream,
)

PREFIXES = [
    "",
    "transcription:",
    "translation:",
    "touch_event:",
    "augmentos:",
    "button_press",
    "location_stream",
]
entries = (
    st.text(st.characters(exclude_categories=()))
    | st.builds(
        "".join,
        st.tuples(st.sampled_from(PREFIXES), st.text(alphabet="aenjo-USDto?&=%2C+hints:*", max_size=30)),
    )
    | st.dictionaries(
        st.sampled_from(["stream", "rate", "x"]), st.none() | st.text() | st.integers() | st.lists(st.text())
    )
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.lists(st.text())
)


@given(entry=entries)
def test_every_entry_is_a_key_or_a_bad_stream(entry: object) -> None:
    try:
        key = parse_stream(entry)
    except BadStream as refusal:
        assert str(refusal).isascii()
        return
    assert key.raw == (entry["stream"] if isinstance(entry, dict) else entry)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("transcription", StreamKey("transcription", "transcription", language="en-US")),
        ("transcription:en-US", StreamKey("transcription:en-US", "transcription", language="en-US")),
        ("transcription:fil-PH", StreamKey("transcription:fil-PH", "transcription", language="fil-PH")),
        ("transcription:de", StreamKey("transcription:de", "transcription", language="de")),
        ("transcription:auto", StreamKey("transcription:auto", "transcription", language="auto")),
        (
            "transcription:auto?hints=de%2Cfr",
            StreamKey(
                "transcription:auto?hints=de%2Cfr", "transcription", language="auto", hints=("de", "fr")
            ),
        ),
        (
            "transcription:en-US?no-language-identification=true&hints=es%2Cfr",
            StreamKey(
                "transcription:en-US?no-language-identification=true&hints=es%2Cfr",
                "transcription",
                language="en-US",
                hints=("es", "fr"),
                identify_language=False,
            ),
        ),
        (
            "transcription:en-US?no-language-identification=false",
            StreamKey(
                "transcription:en-US?no-language-identification=false", "transcription", language="en-US"
            ),
        ),
        (
            "transcription:en-US?hints=es,%20fr,,&mystery=1",
            StreamKey(
                "transcription:en-US?hints=es,%20fr,,&mystery=1",
                "transcription",
                language="en-US",
                hints=("es", "fr"),
            ),
        ),
        ("translation", StreamKey("translation", "translation")),
        (
            "translation:es-ES-to-en-US",
            StreamKey("translation:es-ES-to-en-US", "translation", source="es-ES", target="en-US"),
        ),
        (
            "translation:es-ES-to-en-US?no-language-identification=true",
            StreamKey(
                "translation:es-ES-to-en-US?no-language-identification=true",
                "translation",
                source="es-ES",
                target="en-US",
                identify_language=False,
            ),
        ),
        (
            "translation:all-to-en-US",
            StreamKey("translation:all-to-en-US", "translation", source="auto", target="en-US"),
        ),
        ("translation:en-ja", StreamKey("translation:en-ja", "translation", source="en", target="ja")),
        ("translation:to-en", StreamKey("translation:to-en", "translation", source="to", target="en")),
        ("translation:auto-ja", StreamKey("translation:auto-ja", "translation", source="auto", target="ja")),
        ("touch_event", StreamKey("touch_event", "touch_event")),
        ("augmentos:*", StreamKey("augmentos:*", "augmentos", setting_key="*")),
        (
            "augmentos:metricSystemEnabled",
            StreamKey("augmentos:metricSystemEnabled", "augmentos", setting_key="metricSystemEnabled"),
        ),
        ("all", StreamKey("all", "all")),
        ("*", StreamKey("*", "all")),
        ("location_update", StreamKey("location_update", "location_update", rate=LocationTier.STANDARD)),
        ("location_stream", StreamKey("location_stream", "location_stream", rate=LocationTier.STANDARD)),
        ("VAD", StreamKey("VAD", "VAD")),
        ("custom_sensor", StreamKey("custom_sensor", "custom_sensor")),
    ],
)
def test_the_grammar_of_strings(text: str, expected: StreamKey) -> None:
    assert parse_stream(text) == expected


@pytest.mark.parametrize("gesture", sorted(GESTURES))
def test_each_gesture_is_a_stream_of_its_own(gesture: str) -> None:
    text = f"touch_event:{gesture}"
    assert parse_stream(text) == StreamKey(text, "touch_event", gesture=gesture)


@pytest.mark.parametrize("tier", LocationTier)
@pytest.mark.parametrize("stream", ["location_stream", "location_update"])
def test_a_location_object_names_its_rate_and_echoes_its_stream(stream: str, tier: LocationTier) -> None:
    assert parse_stream({"stream": stream, "rate": tier.value}) == StreamKey(stream, stream, rate=tier)


def test_an_object_without_a_rate_is_read_like_its_stream() -> None:
    assert parse_stream({"stream": "location_stream"}) == parse_stream("location_stream")
    assert parse_stream({"stream": "VAD", "rate": "high"}) == parse_stream("VAD")


@pytest.mark.parametrize("name", [name for name in StreamName if name is not StreamName.AUGMENTOS_SETTINGS])
def test_each_declared_stream_can_be_subscribed_to_by_its_name(name: StreamName) -> None:
    key = parse_stream(name.value)
    assert (key.raw, key.stream) == (name.value, name.value)


@pytest.mark.parametrize(
    "entry",
    [
        "",
        " ",
        " button_press",
        "button_press\n",
        "button_press:main",
        "foo:bar",
        "vad:true",
        "transcription:",
        "transcription:EN-us",
        "transcription:en-us",
        "transcription:en-US\n",
        "transcription:english",
        "transcription:all",
        "transcription:?hints=de",
        "translation:",
        "translation:en",
        "translation:en-",
        "translation:-ja",
        "translation:en-US",
        "translation:en-US-ja-JP",
        "translation:en-auto",
        "translation:en-US-to-",
        "translation:en-US-to-all",
        "translation:-to-en-US",
        "touch_event:",
        "touch_event:wink",
        "augmentos",
        "augmentos:",
        "augmentos:a b",
        "x" * 129,
        "transcription:en-US?hints=" + "x" * MAX_SUBSCRIPTION_LENGTH,
        None,
        7,
        ["button_press"],
        {},
        {"stream": None},
        {"stream": "foo:bar", "rate": "high"},
        {"stream": "location_stream", "rate": "warp"},
        {"stream": "location_stream", "rate": ["high"]},
        {"stream": "location_stream", "rate": 5},
        {"rate": "high"},
    ],
)
def test_everything_outside_the_grammar_is_a_bad_stream(entry: object) -> None:
    with pytest.raises(BadStream):
        parse_stream(entry)


def test_a_refusal_names_the_entry_briefly() -> None:
    with pytest.raises(BadStream, match="Unknown subscription 'touch_event:wink'"):
        parse_stream("touch_event:wink")
    with pytest.raises(BadStream) as refusal:
        parse_stream("x" * 100_000)
    assert len(str(refusal.value)) < 200
