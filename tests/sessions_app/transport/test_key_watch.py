"""Which sockets of a node go when their keys let nobody in any more."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake
from sessions_app.protocol.families import Family
from sessions_app.transport import app_sockets, key_watch
from sessions_app.transport.app_sockets import AppSocket
from sessions_app.transport.links import LocalLink
from sessions_app.transport.seats import WaitingSeat
from tests.support.runtime import make_facts


class Peer:
    """The app's end of a socket."""

    def __init__(self) -> None:
        self.closed: tuple[int, str] | None = None

    async def send(self, event: dict[str, Any]) -> None:
        if event["type"] == "websocket.close":
            self.closed = (event["code"], event["reason"])


@pytest.fixture
def came_with(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], LocalLink]]:
    """Open a socket with a key; of the keys only the first is good."""
    links: list[LocalLink] = []

    async def in_database(_: Any, key_ids: set[int]) -> set[int]:
        return key_ids - {1}

    def open_socket(key_id: int) -> LocalLink:
        link = LocalLink(Peer().send)
        links.append(link)
        hello = Hello(Handshake.INIT, make_facts(), key_id=key_id, family=Family.C, sdk_version="")
        app_sockets.seat_socket(AppSocket(link, "session", hello, WaitingSeat()))
        return link

    monkeypatch.setattr(key_watch, "in_database", in_database)
    yield open_socket
    for link in links:
        app_sockets.forget_socket(link)


async def test_only_sockets_of_refused_keys_are_closed(came_with: Callable[[int], LocalLink]) -> None:
    good, bad = came_with(1), came_with(2)
    await key_watch.close_sockets_of_refused_keys()
    assert (good.is_open, bad.is_open) == (True, False)


async def test_a_node_without_apps_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_watch, "in_database", None)
    await key_watch.close_sockets_of_refused_keys()
