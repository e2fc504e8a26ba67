"""What the protocol has, as the lists here name it, and the exceptions of the documentation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
EXCEPTIONS = ROOT / "docs" / "protocol.md"
# An exception is a row `| `name` … | reason |` of a table in these chapters.
_CHAPTERS = {"endpoint": "## Endpoints that are not here", "message": "## Messages that are not here"}
_SHORTEST_REASON = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list. `name` is "METHOD /path" or "direction type"; `test` is a file's path, "" of an exception."""

    name: str
    test: str

    @property
    def is_exception(self) -> bool:
        """Whether the line says that this cloud does not have it."""
        return not self.test

    def evidence(self) -> str:
        """Return the text of its test; raises FileNotFoundError."""
        return (ROOT / self.test).read_text(encoding="utf-8")


def read_list(name: str) -> list[Listed]:
    """Return the lines of `messages.txt` or `endpoints.txt`; a `-` for its test makes it an exception."""
    lines = (line.split() for line in (HERE / name).read_text(encoding="utf-8").splitlines())
    return [
        Listed(f"{first} {second}", "" if test == "-" else test)
        for first, second, test in (line for line in lines if line and not line[0].startswith("#"))
    ]


def read_exceptions(kind: str) -> dict[str, str]:
    """Return the reason for each exception of the documentation, by name; `kind` is "endpoint" or "message"."""
    chapter = EXCEPTIONS.read_text(encoding="utf-8").split(_CHAPTERS[kind] + "\n", 1)[1].split("\n## ", 1)[0]
    return dict(_rows(chapter))


def is_reason(text: str) -> bool:
    """Whether a text says more than that something is so."""
    return len(text) >= _SHORTEST_REASON


def _rows(chapter: str) -> Iterator[tuple[str, str]]:
    for line in chapter.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`([^`]+)`", cells[0]):
            yield name, cells[1]
