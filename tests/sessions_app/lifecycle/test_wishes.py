"""What subscriptions ask of recognisers (streams-and-permissions §12)."""

from typing import Any

import pytest

from sessions_app.lifecycle.wishes import (
    MOST_RECOGNIZERS,
    Listening,
    minimum_languages,
    recognizer_wishes,
    wants_voice,
)
from sessions_app.protocol.streams import parse_stream
from sessions_app.speech.wire import RecognizerWish


def app(*subscriptions: str, **config: Any) -> Listening:
    return Listening(tuple(map(parse_stream, subscriptions)), config or None)


def test_apps_share_the_recogniser_of_a_language() -> None:
    wishes = recognizer_wishes(
        [app("transcription"), app("transcription:en"), app("transcription:en-US?hints=de")]
    )
    assert wishes == (RecognizerWish("en-US", hints=("de",)),)


def test_each_language_has_its_own_recogniser() -> None:
    wishes = recognizer_wishes([app("transcription:en", "transcription:fr-FR", "transcription:auto")])
    assert [each.setting for each in wishes] == ["en-US", "fr-FR", "auto"]


def test_a_translation_needs_the_recogniser_of_its_source() -> None:
    wishes = recognizer_wishes(
        [app("translation:en-ja", "translation:en-US-to-de-DE"), app("translation:all-to-en-US")]
    )
    assert wishes == (
        RecognizerWish("en-US", transcribes=False, targets=("ja-JP", "de-DE")),
        RecognizerWish("auto", transcribes=False, targets=("en-US",)),
    )


def test_words_and_their_translation_come_from_one_recogniser() -> None:
    (wish,) = recognizer_wishes([app("translation:en-de"), app("transcription:en-US")])
    assert (wish.transcribes, wish.targets) == (True, ("de-DE",))


def test_the_forms_of_any_language_are_one_setting() -> None:
    (wish,) = recognizer_wishes(
        [app("translation:auto-en"), app("translation:all-to-en-US", "transcription:auto")]
    )
    assert (wish.setting, wish.targets, wish.transcribes) == ("auto", ("en-US",), True)


def test_what_apps_configure_is_merged_in_its_order() -> None:
    (wish,) = recognizer_wishes(
        [
            app(
                "transcription:en?hints=fr",
                languageHints=["de", "fr"],
                vocabulary=["Mentra"],
                diarization=None,
            ),
            app("transcription:en-US", languageHints=None, vocabulary=["Ada", "Mentra"], diarization=True),
            app("button_press", vocabulary=["of nobody"]),
        ]
    )
    assert (wish.hints, wish.vocabulary, wish.diarization) == (("fr", "de"), ("Mentra", "Ada"), True)


@pytest.mark.parametrize(
    ("subscriptions", "identifies"),
    [
        (["transcription:en-US?no-language-identification=true"], False),
        (["transcription:en-US?no-language-identification=true", "transcription:en"], True),
    ],
)
def test_languages_are_identified_when_any_app_may_want_it(
    subscriptions: list[str], identifies: bool
) -> None:
    (wish,) = recognizer_wishes([app(*subscriptions)])
    assert wish.identify_language is identifies


@pytest.mark.parametrize("stream", ["*", "all", "audio_chunk", "VAD", "button_press"])
def test_other_streams_need_no_recogniser(stream: str) -> None:
    assert recognizer_wishes([app(stream)]) == ()
    assert wants_voice([app(stream)]) is (stream == "VAD")


def test_a_user_has_only_so_many_recognisers() -> None:
    many = [f"transcription:{first}{second}" for first in "abcdef" for second in "mnopq"]
    assert len(recognizer_wishes([app(*many)])) == MOST_RECOGNIZERS


def test_the_minimum_languages_leave_the_detected_ones_out() -> None:
    keys = app("transcription:auto", "transcription:fr-FR", "translation:de-DE-to-en-US", "VAD").keys
    assert minimum_languages(keys) == ("de-DE", "fr-FR")
