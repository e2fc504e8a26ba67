"""How many words a recogniser got wrong."""

import pytest

from bench.word_errors import count_word_errors, word_error_rate, words_of


def test_words_are_compared_as_they_sound() -> None:
    assert words_of("Mr. Half-Moon’s 3 cats, one dog.") == [
        "mister",
        "half",
        "moon's",
        "three",
        "cats",
        "one",
        "dog",
    ]


@pytest.mark.parametrize(
    ("heard", "errors"),
    [
        ("the cat sat on the mat", 0),
        ("The cat, sat; on the mat!", 0),
        ("the cat sat on a mat", 1),
        ("the cat sat on mat", 1),
        ("the black cat sat on the mat", 1),
        ("cat sat the on mat", 3),
        ("", 6),
    ],
)
def test_errors_are_the_fewest_changes_of_words(heard: str, errors: int) -> None:
    assert count_word_errors("the cat sat on the mat", heard) == errors


def test_the_rate_is_over_all_words_together() -> None:
    assert word_error_rate([("one two three", "one two"), ("four", "four")]) == 0.25
