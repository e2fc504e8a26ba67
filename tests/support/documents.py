"""The pages people read, and the blocks of code on them.

A block of a language that runs is preceded by a mark, which the built site leaves out: `<!-- run by tests/… -->` names
the test that runs it and knows the page by its path, `<!-- not run: … -->` says why none does. Blocks that include a
file of docs/programs need none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PROGRAMS = DOCS / "programs"
README = ROOT / "README.md"
LANGUAGES_THAT_RUN = frozenset({"bash", "sh", "python", "ts", "typescript", "js", "javascript"})

_BLOCK = re.compile(
    r"^(?:(?P<margin> *)<!-- (?P<mark>(?:run by|not run:) .*?) -->\n)?"
    r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_INCLUDED = re.compile(r'^ *--8<-- "([^":]+)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code; `page` is its page's path in the repository, `mark` what precedes it, `text` without margin."""

    page: str
    language: str
    text: str
    mark: str

    @property
    def included(self) -> str:
        """The file of docs/programs of which it shows a part; "" for a block that is written out."""
        found = _INCLUDED.search(self.text)
        return found[1] if found else ""

    @property
    def runs(self) -> bool:
        """Whether somebody could run it."""
        return self.language in LANGUAGES_THAT_RUN


def pages() -> list[Path]:
    """Return the README and every written page of the site."""
    return [README, *sorted(path for path in DOCS.rglob("*.md") if "assets" not in path.parts)]


def blocks_of(page: Path) -> Iterator[Block]:
    """Yield the blocks of code of a page in their order."""
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        text = re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE)
        yield Block(str(page.relative_to(ROOT)), found["language"], text, found["mark"] or "")


def commands_of(page: Path) -> list[str]:
    """Return the lines of the page's blocks in bash that a test runs."""
    return lines_of(block for block in blocks_of(page) if block.mark.startswith("run by"))


def lines_of(blocks: Iterable[Block]) -> list[str]:
    """Return the lines of blocks in bash; one that ends in a backslash goes on."""
    texts = [block.text for block in blocks if block.language == "bash"]
    return [line for text in texts for line in text.replace("\\\n", "").splitlines() if line]


def operations() -> str:
    """Return all pages for operators as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((DOCS / "operations").glob("*.md")))
