"""How many words a recogniser got wrong. Pure."""

import re
from collections.abc import Sequence
from typing import Final

_NUMBERS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SPELLED: Final = {str(number): word for number, word in enumerate(_NUMBERS)} | {"mr": "mister"}
_WORD: Final = re.compile(r"[\w']+")


def words_of(text: str) -> list[str]:
    """Return the words as they sound: lower case, no punctuation, hyphens split, digits up to ten spelled out."""
    found = _WORD.findall(text.lower().replace("’", "'"))
    return [_SPELLED.get(word, word) for word in found]


def count_word_errors(spoken: str, heard: str) -> int:
    """Return how many words must be put in, left out or replaced to get from one text to the other."""
    return _edits(words_of(spoken), words_of(heard))


def word_error_rate(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the part of all spoken words that is wrong, 0 for none; each pair is (spoken, heard)."""
    words = sum(len(words_of(spoken)) for spoken, _ in pairs)
    return sum(count_word_errors(spoken, heard) for spoken, heard in pairs) / words


def _edits(spoken: Sequence[str], heard: Sequence[str]) -> int:
    row = list(range(len(heard) + 1))
    for line, word in enumerate(spoken, start=1):
        before, row[0] = row[0], line
        for column, other in enumerate(heard, start=1):
            replaced = before + (word != other)
            before, row[column] = row[column], min(replaced, row[column] + 1, row[column - 1] + 1)
    return row[-1]
