"""The same speech, heard by two recognisers, is told once."""

from sessions_app.speech.transcripts.segments import FinalWords, told_once
from tests.support.words import final_words


def texts(segments: list[FinalWords], setting: str = "en-US") -> list[str]:
    return [one.text for one in told_once(segments, setting)]


def test_what_the_asked_recogniser_heard_as_well_is_left_out() -> None:
    segments = [
        final_words("hello", at=0),
        final_words("Hello", at=0.5, setting="auto", language="en"),
        final_words("how are you", at=5),
    ]
    assert texts(segments) == ["hello", "how are you"]


def test_what_only_the_other_one_heard_stays_in_its_place() -> None:
    segments = [
        final_words("before", at=0, setting="auto", language="en"),
        final_words("hello", at=3),
        final_words("after", at=9, setting="auto", language="en"),
    ]
    assert texts(segments) == ["before", "hello", "after"]


def test_utterances_that_follow_each_other_at_once_both_stay() -> None:
    segments = [final_words("one", at=0, seconds=2), final_words("two", at=2, setting="auto", language="en")]
    assert texts(segments) == ["one", "two"]


def test_two_speakers_of_one_recogniser_both_stay() -> None:
    segments = [final_words("me", speaker="1"), final_words("and me", speaker="2")]
    assert texts(segments) == ["me", "and me"]
