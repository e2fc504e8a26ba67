"""What is required in place of known defects has a test; each is named in `pitfalls.txt`."""

import re

import pytest

from tests.protocol.coverage.lists import Listed, read_list
from tests.protocol.coverage.test_documents import DOCUMENTS

PITFALLS = read_list("pitfalls.txt")


@pytest.mark.parametrize("listed", PITFALLS, ids=lambda listed: listed.name)
def test_its_test_is_there(listed: Listed) -> None:
    assert listed.evidence()


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="needs the protocol's documents in ../shared")
def test_every_pitfall_of_the_documents_is_listed() -> None:
    text = (DOCUMENTS / "pitfalls.md").read_text(encoding="utf-8")
    named = [f"pitfall {number}" for number in re.findall(r"^\*\*(P-\d+\w?) ", text, re.MULTILINE)]
    stories = [f"story {number}" for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert [one.name for one in PITFALLS] == named + stories
