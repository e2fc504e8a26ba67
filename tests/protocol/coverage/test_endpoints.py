"""Every endpoint of the protocol answers and is tested, or is left out for a reason that is written down."""

import pytest

from tests.protocol.coverage.lists import is_reason, read_exceptions, read_list
from tests.protocol.coverage.routes import is_named, is_served

ENDPOINTS = read_list("endpoints.txt")
BUILT = [one for one in ENDPOINTS if not one.is_exception]


@pytest.mark.parametrize("name", [one.name for one in BUILT])
def test_it_is_served(name: str) -> None:
    assert is_served(*name.split())


@pytest.mark.parametrize(("name", "test"), [(one.name, one.test) for one in BUILT])
def test_its_test_speaks_of_it(name: str, test: str) -> None:
    listed = next(one for one in BUILT if one.name == name)
    method, path = name.split()
    assert is_named(method, path, listed.evidence()), f"{test} does not name {name}"


def test_exceptions_are_those_of_the_documentation_and_have_reasons() -> None:
    reasons = read_exceptions("endpoint")
    assert set(reasons) == {one.name for one in ENDPOINTS if one.is_exception}
    assert [name for name, reason in reasons.items() if not is_reason(reason)] == []


def test_an_exception_is_none_once_it_is_built() -> None:
    assert [one.name for one in ENDPOINTS if one.is_exception and is_served(*one.name.split())] == []


def test_a_path_that_leads_nowhere_is_noticed() -> None:
    assert not is_served("GET", "/api/nothing/:id")
    assert not is_served("DELETE", "/livez")
