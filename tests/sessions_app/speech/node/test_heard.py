"""Each result of a recogniser is new once, whoever hears the sound a second time."""

from sessions_app.speech.node.heard import HeardWords
from sessions_app.speech.wire import SAMPLES_A_MILLISECOND, TranslatedWords, Words


def words(utterance: str, start: int, end: int, *, number: int = 0, setting: str = "en-US") -> Words:
    return Words(1, setting, utterance, "text", bool(number), start, end, "en", "scripted", number=number)


def test_a_final_comes_once_by_its_number() -> None:
    heard = HeardWords()
    assert heard.is_new(words("u1", 0, 900, number=1))
    assert not heard.is_new(words("u1", 0, 900, number=1))
    assert heard.is_new(words("u2", 1_000, 1_900, number=2))
    assert heard.last == 2


def test_nothing_comes_after_the_final_of_an_utterance() -> None:
    heard = HeardWords()
    assert heard.is_new(words("u1", 0, 500))
    assert heard.is_new(words("u1", 0, 900, number=1))
    assert not heard.is_new(words("u1", 0, 950))
    assert not heard.is_new(words("u1", 0, 950, number=2))


def test_recognisers_finish_an_utterance_each_for_itself() -> None:
    heard = HeardWords()
    assert heard.is_new(words("u1", 0, 900, number=1))
    assert heard.is_new(words("u1", 0, 900, number=2, setting="auto"))
    translated = TranslatedWords(
        1, "en-US", "de-DE", "u1", "Text", "text", True, 0, 900, "en", "scripted", number=3
    )
    assert heard.is_new(translated)
    assert not heard.is_new(translated)


def test_the_utterance_under_way_is_that_of_the_unsettled_sound() -> None:
    heard = HeardWords()
    assert heard.utterance == ""
    heard.is_new(words("u1", 1_000, 1_500))
    assert heard.utterance == "u1"
    heard.is_new(words("u2", 3_000, 3_500))
    assert heard.utterance == "u1"
    heard.settled(2_000 * SAMPLES_A_MILLISECOND, "")
    assert heard.utterance == "u2"
    heard.settled(3_200 * SAMPLES_A_MILLISECOND, "u2")
    assert heard.utterance == "u2"
    heard.settled(4_000 * SAMPLES_A_MILLISECOND, "")
    assert heard.utterance == ""


def test_finished_speech_that_another_worker_hears_again_is_dropped() -> None:
    heard = HeardWords()
    assert heard.is_new(words("u1", 1_000, 2_000, number=1))
    heard.hears_again(3_000 * SAMPLES_A_MILLISECOND)
    assert not heard.is_new(words("other", 1_020, 1_980))
    assert not heard.is_new(words("other", 1_020, 2_010, number=2))
    assert heard.is_new(words("next", 1_950, 2_900, number=3))


def test_words_that_overlap_on_one_worker_are_all_new() -> None:
    heard = HeardWords()
    assert heard.is_new(words("u1", 0, 2_000, number=1))
    assert heard.is_new(words("u2", 500, 1_500, number=2))


def test_a_recogniser_that_is_wanted_anew_begins_anew() -> None:
    heard = HeardWords()
    heard.is_new(words("u1", 0, 2_000, number=1))
    heard.forget_others(frozenset())
    heard.hears_again(5_000 * SAMPLES_A_MILLISECOND)
    assert heard.is_new(words("u2", 500, 1_500, number=2))


def test_speech_that_was_none_is_told_only_to_who_saw_something_of_it() -> None:
    heard = HeardWords()
    nothing = Words(1, "en-US", "u1", "", True, 0, 900, "en", "scripted", number=1)
    assert not heard.is_new(nothing)
    assert heard.last == 1
    heard.is_new(words("u2", 1_000, 1_500))
    assert heard.is_new(Words(1, "en-US", "u2", "", True, 1_000, 1_900, "en", "scripted", number=2))
