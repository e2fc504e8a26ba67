"""Every message of the protocol is sent or handled and tested, or is left out for a reason that is written down."""

import ast
from functools import cache

import pytest

from sessions_app.protocol.app_to_cloud import APP_MESSAGES
from sessions_app.protocol.base import message_type
from sessions_app.protocol.cloud_to_app import TO_APP_MESSAGES
from sessions_app.protocol.cloud_to_glasses import TO_GLASSES_MESSAGES
from sessions_app.protocol.glasses_to_cloud import GLASSES_MESSAGES
from tests.protocol.coverage.lists import ROOT, is_reason, read_exceptions, read_list

DECLARED = {
    f"{direction} {message_type(message)}": message
    for direction, messages in {
        "app_to_cloud": APP_MESSAGES,
        "cloud_to_app": TO_APP_MESSAGES,
        "cloud_to_glasses": TO_GLASSES_MESSAGES,
        "glasses_to_cloud": GLASSES_MESSAGES,
    }.items()
    for message in messages
}
MESSAGES = read_list("messages.txt")
BUILT = [one for one in MESSAGES if not one.is_exception]


@cache
def named_outside_the_wire() -> frozenset[tuple[str, str]]:
    """Return (module of the wire, class) for each message that the code beside the wire imports or names."""
    found: set[tuple[str, str]] = set()
    for file in (ROOT / "sessions_app").rglob("*.py"):
        if "protocol" in file.parts or "simulator" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sessions_app.protocol."):
                found |= {((node.module or "").rsplit(".", 1)[1], alias.name) for alias in node.names}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add((node.value.id, node.attr))
    return frozenset(found)


def is_in_use(name: str) -> bool:
    direction, tag = name.split()
    # What is relayed is spliced by the codec, not built as a message.
    return not {(direction, DECLARED[name].__name__), ("codec", tag)}.isdisjoint(named_outside_the_wire())


def test_the_list_names_every_message_of_the_wire() -> None:
    assert sorted(one.name for one in MESSAGES) == sorted(DECLARED)


@pytest.mark.parametrize("name", [one.name for one in BUILT])
def test_it_is_in_use(name: str) -> None:
    assert is_in_use(name)


@pytest.mark.parametrize("name", [one.name for one in BUILT])
def test_its_test_speaks_of_it(name: str) -> None:
    listed = next(one for one in BUILT if one.name == name)
    words = (name.split()[1], DECLARED[name].__name__)
    assert any(word in listed.evidence() for word in words), f"{listed.test} does not name {name}"


def test_exceptions_are_those_of_the_documentation_and_have_reasons() -> None:
    reasons = read_exceptions("message")
    assert set(reasons) == {one.name for one in MESSAGES if one.is_exception}
    assert [name for name, reason in reasons.items() if not is_reason(reason)] == []
