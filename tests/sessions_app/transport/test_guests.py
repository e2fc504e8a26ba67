"""Nodes compare which sockets of the one have a seat with the other: no seat waits for a socket that is gone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.remote_link import RemoteLink
from sessions_app.protocol.families import Family
from sessions_app.states import RunState
from sessions_app.transport import app_sockets
from sessions_app.transport.app_sockets import GUESTS, RECEIVERS, SETTLED_SECONDS
from tests.support.runtime import PACKAGE, make_facts, make_runtime, seat_app

ELSEWHERE, GUEST = "node-2", 7


class PlayedNodes:
    """Another node as this one sees it: in the register, and what it was sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def others(self) -> list[str]:
        return [ELSEWHERE]

    def wire_to(self, node_id: str) -> "PlayedNodes":
        assert node_id == ELSEWHERE
        return self

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> PlayedNodes:
    played = PlayedNodes()
    monkeypatch.setattr(app_sockets, "register", played)
    monkeypatch.setattr(app_sockets, "wire_to", played.wire_to)
    monkeypatch.setattr(app_sockets, "_guests", {})
    return played


@pytest.fixture
async def hosted(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[SessionRuntime, RemoteLink]]:
    """Return a session here whose app has its socket on the other node, and that link."""
    runtime, _, _ = make_runtime(monkeypatch)
    seat_app(runtime, make_facts(), Family.C)
    link = RemoteLink(ELSEWHERE, GUEST)
    hello = Hello(Handshake.INIT, make_facts(), key_id=1, family=Family.C, sdk_version="")
    runtime.apps.attach(PACKAGE, link, hello)
    residents.admit(runtime)
    yield runtime, link
    residents.release(runtime)


def _state(runtime: SessionRuntime) -> RunState | None:
    seat = runtime.apps.find(PACKAGE)
    return seat.state if seat is not None else None


def _tell(guests: list[tuple[str, str, int]]) -> None:
    RECEIVERS[GUESTS]({"type": GUESTS, "node": ELSEWHERE, "guests": guests})


def test_a_node_without_guests_says_so(nodes: PlayedNodes) -> None:
    """It may be the successor of one that was killed: others wait for sockets that died with it."""
    app_sockets.tell_owners_of_guests()
    assert [(message["type"], message["guests"]) for message in nodes.sent] == [(GUESTS, [])]


async def test_a_seat_whose_socket_died_with_its_node_is_given_its_grace_period(
    nodes: PlayedNodes, hosted: tuple[SessionRuntime, RemoteLink]
) -> None:
    runtime, link = hosted
    link.made_at -= SETTLED_SECONDS + 1
    _tell([])
    assert _state(runtime) is RunState.GRACE_PERIOD
    assert not link.is_open


async def test_a_seat_that_was_just_taken_is_left_alone(
    nodes: PlayedNodes, hosted: tuple[SessionRuntime, RemoteLink]
) -> None:
    runtime, _ = hosted
    _tell([])
    assert _state(runtime) is RunState.RUNNING


async def test_a_seat_with_its_socket_is_left_alone(
    nodes: PlayedNodes, hosted: tuple[SessionRuntime, RemoteLink]
) -> None:
    runtime, link = hosted
    link.made_at -= SETTLED_SECONDS + 1
    _tell([(runtime.ref.session_id, PACKAGE, GUEST)])
    assert _state(runtime) is RunState.RUNNING
    assert nodes.sent == []
