"""The lists here name what the protocol's documents name; skipped where those are not beside the checkout."""

import re

import pytest

from tests.protocol.coverage.lists import ROOT, read_list

DOCUMENTS = ROOT.parent / "shared" / "protocol"
# Not endpoints: what the tables name beside them.
PROSE = {"/app-ws", "/api/sdk/system-app", "/api/client/asg/gallery", "/api/app-uptime"}

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="needs the protocol's documents in ../shared")


def test_every_message_of_the_documents_is_listed() -> None:
    known = {one.name.split()[1] for one in read_list("messages.txt")}
    shown = {
        found
        for name in ("glasses-socket.md", "app-socket.md")
        for found in re.findall(r'^\{"type": ?"(\w+)"', (DOCUMENTS / name).read_text(encoding="utf-8"), re.M)
    }
    assert len(shown) > 100
    assert shown - known == set()


def test_every_path_of_the_documents_is_listed() -> None:
    listed = [_shape(one.name.split()[1]) for one in read_list("endpoints.txt")]
    named = list(_paths_in_tables((DOCUMENTS / "rest.md").read_text(encoding="utf-8")))
    assert len(named) > 120
    assert [path for path in named if not any(known.endswith(_shape(path)) for known in listed)] == []


def _paths_in_tables(text: str) -> list[str]:
    rows = re.findall(r"^\| [MSL–]? ?\|[^|]*\|([^|]*)\|", text, re.M)
    rows += re.findall(r"^\| [MSL–] \|([^|]*)\|", text, re.M)
    quoted = [word for row in rows for word in row.split("`")[1::2]]
    return [word for word in quoted if word.startswith("/") and word.strip("/") and word not in PROSE]


def _shape(path: str) -> str:
    """Return a path in which every parameter looks alike and nothing follows it."""
    bare = path.split("?", maxsplit=1)[0].split("…", maxsplit=1)[0].rstrip("/")
    return re.sub(r":\w+|\*", ":", bare)
