"""Which subscription an event answers, and what permissions unlock."""

import pytest

from mentra_sdk.testing.streams import (
    choose,
    declared,
    granted,
    names,
    permission_for,
    speech_keys,
    translation_keys,
)


@pytest.mark.parametrize(
    ("subscriptions", "language", "chosen"),
    [
        (["transcription:auto", "transcription:en"], "en-US", "transcription:en"),
        (["transcription:auto", "transcription:en"], "de-DE", "transcription:auto"),
        (["transcription:en", "transcription:en-US?hints=de"], "en-US", "transcription:en-US?hints=de"),
        (["transcription"], "fr", "transcription"),
        (["transcription:en", "translation:auto-fr"], "fr", None),
    ],
)
def test_speech_answers_the_most_specific_subscription(
    subscriptions: list[str], language: str, chosen: str | None
) -> None:
    assert choose(subscriptions, speech_keys(language)) == chosen


def test_translations_are_known_by_their_short_and_long_names() -> None:
    keys = translation_keys("de-DE", "en")
    assert choose(["translation:auto-en", "translation:de-en"], keys) == "translation:de-en"
    assert choose(["translation:all-to-en"], keys) == "translation:all-to-en"
    assert choose(["translation:en-de"], keys) is None


def test_older_names_of_permissions_unlock_the_same() -> None:
    assert declared(["NOTIFICATIONS", {"type": "BACKGROUND_LOCATION"}]) == {"READ_NOTIFICATIONS", "LOCATION"}
    assert all(granted(declared(["ALL"])).values())
    assert not any(granted(declared([])).values())


def test_streams_need_what_the_protocol_says() -> None:
    assert permission_for("transcription:auto?hints=de") == "MICROPHONE"
    assert permission_for("location_stream") == "LOCATION"
    assert permission_for("touch_event:double_tap") is None
    assert names(["VAD", {"stream": "location_stream", "rate": "high"}]) == ["VAD", "location_stream"]
