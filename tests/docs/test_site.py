"""The site is built without a warning, holds what the code holds, and leads its readers' browsers nowhere else."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from reference_pages.messages import directions

# What a browser fetches by itself, and by which attribute.
FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
NOT_FETCHED = {"canonical", "next", "prev"}


class Fetches(HTMLParser):
    """Collects the addresses that a page has its browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in FETCHED and values.get("rel") not in NOT_FETCHED and (address := values.get(FETCHED[tag])):
            self.addresses.append(address)


def fetched(site: Path) -> Iterator[tuple[Path, str]]:
    for page in site.rglob("*.html"):
        parser = Fetches()
        parser.feed(page.read_text(encoding="utf-8"))
        yield from ((page, address) for address in parser.addresses)


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    found = list(fetched(site))
    assert len(found) > 100
    assert [(page, address) for page, address in found if re.match(r"[a-z]+:|//", address)] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"']*", styles) == []


def test_pages_with_diagrams_bring_their_own_mermaid(site: Path) -> None:
    own = "assets/mermaid/mermaid.min.js"
    assert (site / own).stat().st_size > 1_000_000
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        before_theme = text.partition("assets/javascripts/bundle")[0]
        assert ('class="mermaid"' in text) == (own in before_theme), page


def test_every_message_has_its_place(site: Path) -> None:
    for direction in directions():
        page = (site / "reference" / "protocol" / direction.name / "index.html").read_text(encoding="utf-8")
        assert [name for name in direction.classes if f'id="{name}"' not in page] == []


def test_readers_see_no_marks_and_no_programs_as_pages(site: Path) -> None:
    assert [page for page in site.rglob("*.html") if "<!-- run by" in page.read_text(encoding="utf-8")] == []
    assert not (site / "programs").exists()


def test_programs_are_shown_without_their_marks(site: Path) -> None:
    page = (site / "tutorial" / "index.html").read_text(encoding="utf-8")
    assert "--8&lt;--" not in page and "--8<--" not in page
    assert "on_button_press" in page and "onButtonPress" in page
