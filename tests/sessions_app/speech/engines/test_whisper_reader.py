"""What is asked of a Whisper model: languages, words, their English, and what was said before."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from sessions_app.speech.engines.local_recognizer import Found
from sessions_app.speech.engines.whisper_reader import WhisperReader
from sessions_app.speech.wire import RecognizerWish


@dataclass(frozen=True)
class Reading:
    text: str
    log_probability: float = -0.1
    no_speech: float = 0.02


@dataclass
class ScriptedModel:
    """Hears sound that is the text itself; `odds` are those of languages in turn, `doubt` texts it is unsure of."""

    odds: list[dict[str, float]] = field(default_factory=lambda: [{"fr": 1.0}])
    doubt: dict[str, Reading] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def encode(self, samples: bytes, *, is_quick: bool) -> str:
        return samples.decode()

    def odds_of_languages(self, encoded: str) -> dict[str, float]:
        return self.odds.pop(0) if len(self.odds) > 1 else self.odds[0]

    def read(self, encoded: str, language: str, **how: Any) -> Reading:
        self.asked.append({"language": language, **how})
        if how.get("in_english"):
            return Reading(f"English of {encoded}")
        return self.doubt.get(encoded, Reading(encoded))


AUTO = RecognizerWish("auto")


def read(
    reader: WhisperReader, text: str, wish: RecognizerWish = AUTO, utterance: str = "", final: bool = True
) -> list[tuple[str, str, str]]:
    """Return target, text and language of each result."""
    found: list[Found] = list(reader.read(utterance or text, text.encode(), wish, is_final=final))
    assert all(each.heard.is_final is final for each in found)
    return [(each.target, each.heard.text, each.heard.language) for each in found]


def make_reader(model: ScriptedModel, clock: Any = lambda: 0.0) -> WhisperReader:
    reader: Any = WhisperReader
    made: WhisperReader = reader(model, clock)
    return made


def test_words_are_told_in_the_locale_that_was_asked_for() -> None:
    model = ScriptedModel()
    assert read(make_reader(model), "Hello", RecognizerWish("nb-NO")) == [("", "Hello", "nb-NO")]
    assert model.asked[0]["language"] == "no"


def test_a_detected_language_is_told_by_its_usual_code() -> None:
    assert read(make_reader(ScriptedModel([{"jw": 1.0}])), "Hello") == [("", "Hello", "jv")]


def test_a_clear_language_stays_for_the_utterance_and_an_unclear_one_does_not() -> None:
    reader = make_reader(ScriptedModel([{"it": 0.5, "es": 0.4}, {"es": 0.9}, {"de": 1.0}]))
    told = [read(reader, text, utterance="u1", final=text == "abc") for text in ("a", "ab", "abc")]
    assert [each[0][2] for each in told] == ["it", "es", "es"]
    assert read(reader, "Hallo", utterance="u2")[0][2] == "de"


def test_hints_decide_without_detection_when_none_is_wanted() -> None:
    wish = RecognizerWish("auto", hints=("ko-KR", "en"), identify_language=False)
    assert read(make_reader(ScriptedModel([{"en": 1.0}])), "Hello", wish) == [("", "Hello", "ko")]


def test_final_words_come_with_their_english_from_the_same_sound() -> None:
    wish = RecognizerWish("fr-FR", targets=("en-US", "en-GB"))
    assert read(make_reader(ScriptedModel()), "Bonjour", wish) == [
        ("", "Bonjour", "fr-FR"),
        ("en-US", "English of Bonjour", "fr-FR"),
        ("en-GB", "English of Bonjour", "fr-FR"),
    ]


def test_interim_results_are_words_or_english_never_both() -> None:
    both = RecognizerWish("fr-FR", targets=("en-US",))
    assert read(make_reader(ScriptedModel()), "Bon", both, final=False) == [("", "Bon", "fr-FR")]
    english_only = msgspec.structs.replace(both, transcribes=False)
    told = read(make_reader(ScriptedModel()), "Bon", english_only, final=False)
    assert told == [("en-US", "English of Bon", "fr-FR")]
    assert len(read(make_reader(ScriptedModel()), "Bon", english_only)) == 2


@pytest.mark.parametrize("final", [True, False])
def test_english_is_its_own_translation(final: bool) -> None:
    model = ScriptedModel([{"en": 1.0}])
    wish = RecognizerWish("auto", transcribes=False, targets=("en-US",))
    assert read(make_reader(model), "Hello", wish, final=final) == [
        ("", "Hello", "en"),
        ("en-US", "Hello", "en"),
    ]
    assert not any(asked.get("in_english") for asked in model.asked)


def test_noise_is_an_empty_result_and_not_translated() -> None:
    model = ScriptedModel(doubt={"you": Reading("you", -2.5, 0.9)})
    assert read(make_reader(model), "you", RecognizerWish("fr-FR", targets=("en",))) == [("", "", "fr-FR")]


def test_vocabulary_goes_with_every_reading() -> None:
    model = ScriptedModel()
    wish = RecognizerWish("en-US", vocabulary=("Dashwood", "Norland"))
    reader = make_reader(model)
    read(reader, "He", wish, final=False)
    read(reader, "He was", wish)
    assert [asked["vocabulary"] for asked in model.asked] == ["Dashwood, Norland."] * 2


def test_final_words_are_read_in_the_light_of_those_just_before() -> None:
    now, model = [0.0], ScriptedModel()
    reader, wish = make_reader(model, lambda: now[0]), RecognizerWish("en-US")
    read(reader, "Ever tried.", wish)
    now[0] = 5.0
    read(reader, "Ever failed.", wish)
    now[0] = 20.0
    read(reader, "No matter.", wish)
    assert [asked["before"] for asked in model.asked] == ["", "Ever tried.", ""]


def test_what_was_said_in_another_language_casts_no_light() -> None:
    model = ScriptedModel([{"fr": 1.0}, {"en": 1.0}])
    reader = make_reader(model)
    read(reader, "Bonjour.")
    read(reader, "Hello.")
    assert [asked["before"] for asked in model.asked] == ["", ""]


def test_the_same_words_again_are_read_once_more_without_those_before() -> None:
    model, wish = ScriptedModel(), RecognizerWish("en-US")
    reader = make_reader(model)
    read(reader, "Again.", wish, utterance="u1")
    assert read(reader, "Again.", wish, utterance="u2") == [("", "Again.", "en-US")]
    assert [asked.get("before", "") for asked in model.asked] == ["", "Again.", ""]


def test_doubtful_words_cast_no_light() -> None:
    model = ScriptedModel(doubt={"Mumble.": Reading("Mumble.", -1.1, 0.1)})
    reader, wish = make_reader(model), RecognizerWish("en-US")
    assert read(reader, "Mumble.", wish) == [("", "Mumble.", "en-US")]
    read(reader, "Hello.", wish)
    assert [asked["before"] for asked in model.asked] == ["", ""]
