"""Whatever the official SDKs offer in a session is used by a test with the SDK itself."""

import re

import pytest

from tests.protocol.coverage.lists import Listed, read_list

MANAGERS = read_list("managers.txt")


@pytest.mark.parametrize("listed", MANAGERS, ids=lambda listed: listed.name)
def test_its_test_plays_an_app_of_this_family(listed: Listed) -> None:
    family = listed.name.split()[0]
    evidence = listed.evidence()
    assert listed.test.startswith("tests/sdk/")
    assert re.search(rf"\bfamily: Family\b|\bFamily\.{family}\b", evidence), evidence


def test_a_test_that_is_not_there_is_noticed() -> None:
    with pytest.raises(LookupError):
        Listed("C mic", "tests/sdk/test_mic.py::test_of_nothing").evidence()
