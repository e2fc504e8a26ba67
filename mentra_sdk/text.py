"""Text on a display of fixed columns: how wide it is, and where its lines may break. Knows no session."""

import unicodedata
from collections.abc import Iterator


def wrap(text: str, columns: int) -> list[str]:
    """Break text into lines of at most so many columns, between words where there are any.

    Letters of East Asian scripts are two columns wide, and a line may end behind each of them.
    """
    lines, line = [], ""
    for piece in _pieces(text, columns):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def clip(text: str, columns: int) -> str:
    """Return text on one line of at most so many columns; what was cut away shows as an ellipsis."""
    text = " ".join(text.split())
    return text if width(text) <= columns else _fitting(text, columns - 1).rstrip() + "…"


def width(text: str) -> int:
    """Return how many columns the text takes."""
    return sum(_columns_of(sign) for sign in text)


def _pieces(text: str, columns: int) -> Iterator[str]:
    """Yield what must not be broken: words with the space behind them, single wide letters, parts of long words."""
    for piece in _words(text):
        rest = piece
        while width(rest.rstrip()) > columns:
            part = _fitting(rest, columns)
            yield part
            rest = rest[len(part) :]
        yield rest


def _words(text: str) -> Iterator[str]:
    piece = ""
    for sign in text:
        if piece and (piece[-1].isspace() or _columns_of(sign) > 1 or _columns_of(piece[-1]) > 1):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _fitting(text: str, columns: int) -> str:
    """Return as much of the beginning as fits, and never less than one letter."""
    for end in range(1, len(text) + 1):
        if width(text[:end]) > columns:
            return text[: max(end - 1, 1)]
    return text


def _columns_of(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
