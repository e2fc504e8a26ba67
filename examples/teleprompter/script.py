"""A script and the place its reader has reached. Pure: knows text, no session and no clock."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from mentra_sdk.text import wrap

# Scripts without spaces between words are followed letter by letter.
_LETTERS_ALONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_LETTERS_ALONE}]|(?:(?![{_LETTERS_ALONE}])[\w'’])+")
ALIKE = 0.75
TAIL = 5
# How many words may be skipped, by how many words in a row must agree to believe it.
REACH = {1: 1, 2: 8, 3: 25, 4: 60}
REACH_BACK, AGREEING_BACK = 60, 4
SHORT_WORD = 3
ROWS_WITH_PAST = 3


def words_of(text: str) -> list[str]:
    """Return the words of a text, in small letters and without punctuation."""
    return _WORD.findall(text.lower().replace("’", "'"))


@dataclass(frozen=True)
class Line:
    """A line of the script; `first` is the number of its first word."""

    text: str
    first: int


class Script:
    """A script in lines of `columns`, and how many of its words are `said`."""

    def __init__(self, text: str, columns: int) -> None:
        self.said = 0
        self._words: list[str] = []
        self._lines: list[Line] = []
        for paragraph in text.splitlines():
            for line in wrap(paragraph, columns):
                self._lines.append(Line(line, len(self._words)))
                self._words += words_of(line)

    @property
    def is_over(self) -> bool:
        """Tell whether every word is said."""
        return self.said >= len(self._words)

    def restart(self) -> None:
        """Go back to the first word."""
        self.said = 0

    def advance(self) -> None:
        """Go on by one word."""
        self.said = min(self.said + 1, len(self._words))

    def follow(self, speech: str) -> bool:
        """Go to where the end of `speech` stands in the script; say whether that is another place.

        The nearer, the less it takes: the next word is believed at once, a jump needs several words in a row. One who
        says four words again that lie behind is taken back there.
        """
        spoken = words_of(speech)[-TAIL:]
        here = self._agreeing(spoken, self.said - 1)
        place = self._ahead(spoken, here) or self._behind(spoken, here)
        if place is None:
            return False
        self.said = place
        return True

    def lines(self, rows: int) -> list[str]:
        """Return the lines to show: the one being said and those that follow, with the one before where it fits."""
        now = max((n for n, line in enumerate(self._lines) if line.first <= self.said), default=0)
        kept = 1 if rows >= ROWS_WITH_PAST else 0
        first = max(min(now - kept, len(self._lines) - rows), 0)
        return [line.text for line in self._lines[first : first + rows]]

    def _ahead(self, spoken: list[str], here: int) -> int | None:
        """Return the place ahead with the longest agreement above `here`, the nearest of several."""
        best, place = here, None
        for end in range(self.said, min(self.said + REACH[max(REACH)], len(self._words))):
            agreeing = self._agreeing(spoken, end)
            skipped = end + 1 - self.said - agreeing
            if agreeing > best and skipped <= REACH[min(agreeing, max(REACH))]:
                best, place = agreeing, end + 1
        return place

    def _behind(self, spoken: list[str], here: int) -> int | None:
        for end in range(self.said - 2, max(self.said - REACH_BACK, -1), -1):
            if self._agreeing(spoken, end) >= max(AGREEING_BACK, here + 1):
                return end + 1
        return None

    def _agreeing(self, spoken: list[str], end: int) -> int:
        """Return how many words of the script, back from number `end`, are the last ones spoken."""
        count = 0
        while count < min(len(spoken), end + 1) and alike(spoken[-1 - count], self._words[end - count]):
            count += 1
        return count


def alike(spoken: str, written: str) -> bool:
    """Tell whether a recogniser may have heard one for the other: "glass" for "glasses"."""
    if spoken == written:
        return True
    if min(len(spoken), len(written)) <= SHORT_WORD:
        return False
    return SequenceMatcher(None, spoken, written).ratio() >= ALIKE
