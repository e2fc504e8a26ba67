"""What Whisper's readings are worth, and how its languages are called."""

import pytest

from sessions_app.speech.engines.whisper_rules import (
    choose_language,
    confidence_of,
    is_nothing,
    is_repetitive,
    prompt_of,
    usual_code,
    whisper_code,
)


@pytest.mark.parametrize(
    ("setting", "code"),
    [("en-US", "en"), ("pt_BR", "pt"), ("nb-NO", "no"), ("cmn-Hans-CN", "zh"), ("fil", "tl"), ("auto", "")],
)
def test_settings_become_codes_of_whisper(setting: str, code: str) -> None:
    assert whisper_code(setting) == code


def test_what_whisper_calls_otherwise_is_told_as_usual() -> None:
    assert usual_code("jw") == "jv"
    assert usual_code("fr") == "fr"


def test_the_likeliest_language_is_taken() -> None:
    assert choose_language({"de": 0.7, "nl": 0.3}, (), "") == ("de", 0.7)


def test_hints_leave_only_their_languages() -> None:
    language, sureness = choose_language({"de": 0.7, "nl": 0.2, "en": 0.1}, ("nl", "en"), "")
    assert language == "nl"
    assert sureness == pytest.approx(2 / 3)


def test_hints_that_the_model_does_not_know_are_no_hints() -> None:
    assert choose_language({"de": 0.7, "nl": 0.3}, ("tlh",), "")[0] == "de"


def test_an_unclear_language_is_the_one_before() -> None:
    odds = {"de": 0.5, "nl": 0.4, "en": 0.1}
    assert choose_language(odds, (), "nl")[0] == "nl"
    assert choose_language(odds, (), "en")[0] == "de"


@pytest.mark.parametrize(
    ("text", "log_probability", "no_speech"),
    [("", -0.1, 0.0), ("...", -0.1, 0.0), ("- !", -0.2, 0.1), ("you", -1.5, 0.2), ("Thank you.", -0.6, 0.8)],
)
def test_noise_taken_for_words_is_nothing(text: str, log_probability: float, no_speech: float) -> None:
    assert is_nothing(text, log_probability, no_speech)


@pytest.mark.parametrize(
    ("text", "log_probability", "no_speech"),
    [
        ("Yes.", -0.4, 0.1),
        ("Fail better.", -0.83, 0.09),
        ("今日は", -0.5, 0.1),
        ("Hold on, I am coming.", -0.9, 0.3),
    ],
)
def test_words_are_words(text: str, log_probability: float, no_speech: float) -> None:
    assert not is_nothing(text, log_probability, no_speech)


def test_saying_the_same_again_and_again_is_noticed() -> None:
    assert is_repetitive("I went to the shop. " * 8)
    assert not is_repetitive("It was the best of times, it was the worst of times, it was the age of wisdom")


def test_confidence_is_a_probability() -> None:
    assert [confidence_of(value) for value in (0.0, -0.105, -2.0, 0.1)] == [1.0, 0.9, 0.14, 1.0]


def test_vocabulary_is_one_line() -> None:
    assert prompt_of(("Dashwood", " ", " Norland ")) == "Dashwood, Norland."
    assert prompt_of(()) == ""
