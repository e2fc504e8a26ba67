"""Which words stand on which line while somebody speaks."""

from mentra_sdk.captions import Captions


def test_words_change_in_place_until_they_are_final() -> None:
    captions = Captions(rows=3, columns=20)
    captions.hear("u-1", "it was", is_final=False)
    captions.hear("u-1", "It was the best", is_final=False)
    assert captions.lines() == ["It was the best"]
    captions.hear("u-1", "It was the best of times.", is_final=True)
    captions.hear("u-2", "it was", is_final=False)
    assert captions.lines() == ["It was the best of", "times.", "it was"]


def test_the_oldest_lines_leave_at_the_top() -> None:
    captions = Captions(rows=2, columns=20)
    for number, text in enumerate(["one", "two", "three four five six seven"]):
        captions.hear(f"u-{number}", text, is_final=True)
    assert captions.lines() == ["three four five six", "seven"]


def test_the_words_of_the_next_sentence_may_come_before_the_end_of_this_one() -> None:
    captions = Captions(rows=3)
    captions.hear("u-1", "turn le", is_final=False)
    captions.hear("u-2", "then", is_final=False)
    captions.hear("u-1", "Turn left.", is_final=True)
    captions.hear("u-1", "turn le", is_final=False)
    captions.hear("u-2", "Then right.", is_final=True)
    assert captions.lines() == ["Turn left.", "Then right."]


def test_what_was_no_speech_is_taken_away() -> None:
    captions = Captions(rows=3)
    captions.hear("u-1", "mm", is_final=False)
    captions.hear("u-1", " ", is_final=True)
    assert captions.lines() == []


def test_utterances_without_a_name_follow_each_other() -> None:
    captions = Captions(rows=3)
    for text, is_final in [("one", False), ("One.", True), ("two", False), ("Two.", True)]:
        captions.hear(None, text, is_final=is_final)
    assert captions.lines() == ["One.", "Two."]
    captions.clear()
    assert captions.lines() == []
