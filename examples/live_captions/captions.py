"""Which words stand on which line. Pure: knows text, no session and no clock.

Each utterance begins a line of its own. The newest is at the bottom and changes in place while it is spoken; when the
lines do not suffice, the oldest leave at the top.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

COLUMNS = 40
UNNAMED = ""


@dataclass
class Utterance:
    """What somebody says without a pause; `name` is the same from its first words to its last."""

    name: str
    text: str
    is_final: bool = False


class Captions:
    """The latest utterances, as the lines of a display."""

    def __init__(self, rows: int, columns: int = COLUMNS) -> None:
        self.rows = rows
        self._columns = columns
        self._utterances: list[Utterance] = []

    def hear(self, name: str | None, text: str, *, is_final: bool) -> None:
        """Take over what an utterance is known to be by now; a final text without words takes it away."""
        utterance = self._find(name or UNNAMED)
        if utterance.is_final:
            return
        utterance.text, utterance.is_final = " ".join(text.split()), is_final
        if utterance.text or not is_final:
            self._utterances = self._utterances[-self.rows :]
        else:
            self._utterances.remove(utterance)

    def clear(self) -> None:
        """Forget everything."""
        self._utterances.clear()

    def lines(self) -> list[str]:
        """Return the lines to show, the newest last."""
        lines = [line for each in self._utterances if each.text for line in wrap(each.text, self._columns)]
        return lines[-self.rows :]

    def _find(self, name: str) -> Utterance:
        """Return the utterance of this name; one without a name is under way until it is final."""
        for known in reversed(self._utterances):
            if known.name == name and not (name == UNNAMED and known.is_final):
                return known
        begun = Utterance(name, "")
        self._utterances.append(begun)
        return begun


def wrap(text: str, columns: int) -> list[str]:
    """Break text into lines of at most so many columns, between words where there are any.

    Letters of East Asian scripts are two columns wide, and a line may end behind each of them.
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        while width(piece.rstrip()) > columns:
            part = _clip(piece, columns)
            lines.append(part)
            piece = piece[len(part) :]  # noqa: PLW2901  the rest of a word too long for one line
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def width(text: str) -> int:
    """Return how many columns the text takes."""
    return sum(_columns_of(sign) for sign in text)


def _pieces(text: str) -> Iterator[str]:
    """Yield what must not be broken: words with the space behind them, and single wide letters."""
    piece = ""
    for sign in text:
        if piece and (piece[-1].isspace() or _columns_of(sign) > 1 or _columns_of(piece[-1]) > 1):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _clip(text: str, columns: int) -> str:
    for end in range(1, len(text) + 1):
        if width(text[:end]) > columns:
            return text[: max(end - 1, 1)]
    return text


def _columns_of(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
