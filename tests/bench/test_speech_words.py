"""Results of speech are given to the recording they came of, and counted."""

import pytest

from bench.speech_sets import GAP_SECONDS, SpeechSet, joined
from bench.speech_words import Accuracy, Outcome, Result, judge

ONE = SpeechSet("one", bytes(4 * 32_000), "turn left now")
TWO = SpeechSet("two", bytes(2 * 32_000), "then right")


def result(text: str, begins: float, ends: float, *, final: bool = True, latency: float = 0.5) -> Result:
    return Result("u", text, final, begins, ends, latency)


def test_sets_are_spoken_with_silence_around_each() -> None:
    assert len(joined([ONE, TWO])) / 32_000 == ONE.seconds + TWO.seconds + 3 * GAP_SECONDS


def test_words_are_compared_with_those_of_their_recording() -> None:
    second = GAP_SECONDS + ONE.seconds + GAP_SECONDS
    heard = [
        result("then write", second, second + 1.8),
        result("turn", GAP_SECONDS, GAP_SECONDS + 1.0, final=False),
        result("Turn left.", GAP_SECONDS, GAP_SECONDS + 2.0),
        result("Now!", GAP_SECONDS + 2.6, GAP_SECONDS + 3.9),
    ]
    outcome = judge([ONE, TWO], heard)
    assert outcome.accuracies == {"one": Accuracy(3, 0), "two": Accuracy(2, 1)}
    assert outcome.overall.rate == 0.2


def test_what_was_not_heard_is_wrong() -> None:
    assert judge([ONE], []).overall == Accuracy(3, 3)


def test_several_people_are_counted_together() -> None:
    whole = Outcome()
    for text, latency in (("turn left now", 0.2), ("turn right now", 0.6)):
        whole.add(judge([ONE], [result(text, GAP_SECONDS, GAP_SECONDS + 3, latency=latency)]))
    assert whole.accuracies == {"one": Accuracy(6, 1)}
    assert whole.final_ms(0.5) == pytest.approx(200)
    assert whole.final_ms(1.0) == pytest.approx(600)


def test_first_words_and_updates_are_timed() -> None:
    told = [
        result("turn", 2.0, 2.5, final=False, latency=0.3),
        result("turn left", 2.0, 3.5, final=False, latency=0.2),
        result("turn left now", 2.0, 4.0, latency=0.9),
    ]
    outcome = judge([ONE], told)
    assert outcome.first_ms(1.0) == pytest.approx(800)
    assert [outcome.update_ms(share) for share in (0.5, 1.0)] == pytest.approx([900, 1200])


def test_empty_results_have_no_latency() -> None:
    outcome = judge([ONE], [result("", 2, 3, latency=9), result("turn left now", 2, 3, latency=0.1)])
    assert outcome.final_ms(1.0) == pytest.approx(100)
