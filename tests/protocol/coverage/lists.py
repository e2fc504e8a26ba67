"""What the protocol has, as the lists here name it, and the exceptions of the documentation."""

import ast
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
    """A line of a list.

    `name` is "METHOD /path", "direction type" or "family manager". `test` is the path of a file, after which a `::` and
    one test in it may follow; "" of an exception.
    """

    name: str
    test: str

    @property
    def is_exception(self) -> bool:
        """Whether the line says that this cloud does not have it."""
        return not self.test

    def evidence(self) -> str:
        """Return the text of its test, with what is above it; raises FileNotFoundError or LookupError."""
        path, _, test = self.test.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        return _function(text, test) if test else text


def read_list(name: str) -> list[Listed]:
    """Return the lines of a list; a `-` for its test makes it an exception."""
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


def _function(text: str, name: str) -> str:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    raise LookupError(f"there is no {name}")


def _rows(chapter: str) -> Iterator[tuple[str, str]]:
    for line in chapter.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`([^`]+)`", cells[0]):
            yield name, cells[1]
