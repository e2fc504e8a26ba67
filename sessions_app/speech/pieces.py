"""Cuts long texts where a reader would pause. Pure."""

import re
from collections.abc import Iterator
from typing import Final

# Behind the end of a sentence, else behind a comma or the like, else at any space.
_PAUSES: Final = (
    re.compile(r"[.!?…。！？][\"')\]”’]*\s+"),
    re.compile(r"[,;:—،、，；：]\s*"),
    re.compile(r"\s+"),
)


def pieces_of(text: str, most: int) -> Iterator[str]:
    """Yield pieces of at most `most` characters, none of them blank; together they hold all words."""
    rest = text.strip()
    while len(rest) > most:
        end = _last_pause(rest[:most])
        piece, rest = rest[:end].strip(), rest[end:].strip()
        if piece:
            yield piece
    if rest:
        yield rest


def _last_pause(text: str) -> int:
    for pause in _PAUSES:
        ends = [match.end() for match in pause.finditer(text)]
        if ends:
            return ends[-1]
    return len(text)
