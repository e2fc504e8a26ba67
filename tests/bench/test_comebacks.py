"""A phone that loses its node is timed until its ack, and until its app hears the first event."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from bench import comebacks
from bench.comebacks import Comeback, Traveller, come_back
from bench.peers import App, Phone

NEVER_HEARD = 1_000_000


class SmallNode:
    """Acks phones, and hands button presses to an app from the `follows_after`-th one on."""

    def __init__(self, app: App, follows_after: int) -> None:
        self._app = app
        self._follows_after = follows_after
        self.presses = 0
        self._connections: list[ServerConnection] = []

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with serve(self._serve, "127.0.0.1", 0, compression=None) as server:
            yield next(iter(server.sockets)).getsockname()[1]

    def die(self) -> None:
        """Cut every connection off, as the kernel does for a process that was killed."""
        for connection in self._connections:
            connection.transport.abort()

    async def _serve(self, connection: ServerConnection) -> None:
        self._connections.append(connection)
        await connection.send('{"type":"connection_ack"}')
        async for message in connection:
            self.presses += 1
            if self.presses > self._follows_after:
                data = json.dumps({"type": "data_stream", "data": json.loads(message)}, separators=(",", ":"))
                self._app._take(data.encode())


def an_app() -> App:
    return App("user@example.com", "com.example.app", "key")


async def lose_node_and_return(app: App, follows_after: int) -> tuple[Comeback, SmallNode]:
    old, new = SmallNode(app, NEVER_HEARD), SmallNode(app, follows_after)
    async with old.serving() as first_port, new.serving() as port:
        phone = Phone(first_port, "user@example.com", "token")
        await phone.connect()
        returning = asyncio.create_task(come_back([Traveller(phone, app, port)], time.monotonic(), 0.01))
        old.die()
        (comeback,) = await returning
        phone.drop()
    return comeback, new


async def test_a_comeback_tells_when_the_ack_and_the_first_event_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comebacks, "SETTLE_SECONDS", 0.5)
    comeback, node = await lose_node_and_return(an_app(), follows_after=2)
    assert comeback.acked_at is not None
    assert comeback.heard_at is not None
    assert comeback.killed_at < comeback.acked_at < comeback.heard_at
    assert comeback.pressed == node.presses
    assert comeback.missed == 2


async def test_an_app_that_never_hears_anything_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comebacks, "GIVE_UP_SECONDS", 3.0)
    monkeypatch.setattr(comebacks, "SETTLE_SECONDS", 0.0)
    comeback, _ = await lose_node_and_return(an_app(), follows_after=NEVER_HEARD)
    assert comeback.until_ack is not None
    assert comeback.until_event is None
    assert comeback.from_ack_to_event is None
    assert comeback.missed == comeback.pressed > 0


def test_times_are_counted_from_the_kill_and_from_the_ack() -> None:
    comeback = Comeback(killed_at=10.0, acked_at=10.25, heard_at=11.0, pressed=5, delivered=3)
    assert (comeback.until_ack, comeback.from_ack_to_event, comeback.until_event) == (0.25, 0.75, 1.0)
    assert comeback.missed == 2
    lost = Comeback(killed_at=10.0, acked_at=None, heard_at=None, pressed=0, delivered=0)
    assert (lost.until_ack, lost.from_ack_to_event, lost.until_event) == (None, None, None)
