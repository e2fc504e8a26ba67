"""A node starts once and drains once, whoever asks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mentra_site.loop_lag import LoopLagMonitor
from mentra_site.node_lifespan import NodeLifespan


class Calls:
    """Notes what the node was asked to do."""

    def __init__(self, *, fails: bool = False) -> None:
        self.made: list[str] = []
        self._fails = fails

    async def start(self) -> None:
        await asyncio.sleep(0)
        self.made.append("start")
        if self._fails:
            raise RuntimeError("no database")

    async def drain(self) -> None:
        await asyncio.sleep(0)
        self.made.append("drain")

    def lifespan(self) -> NodeLifespan:
        return NodeLifespan(self.start, self.drain, LoopLagMonitor())


async def test_requests_that_come_together_start_the_node_once() -> None:
    calls = Calls()
    lifespan = calls.lifespan()
    await asyncio.gather(*(lifespan.start() for _ in range(5)))
    await asyncio.gather(lifespan.drain(), lifespan.drain())

    assert calls.made == ["start", "drain"]


async def test_a_node_that_never_started_has_nothing_to_drain() -> None:
    calls = Calls()
    await calls.lifespan().drain()

    assert calls.made == []


async def test_a_client_that_gives_up_does_not_undo_the_start() -> None:
    calls = Calls()
    lifespan = calls.lifespan()
    impatient = asyncio.create_task(lifespan.start())
    await asyncio.sleep(0)
    impatient.cancel()
    await lifespan.start()

    assert calls.made == ["start"]
    await lifespan.drain()


def events(*types: str) -> Callable[[], Awaitable[dict[str, Any]]]:
    waiting = list(types)

    async def receive() -> dict[str, Any]:
        return {"type": waiting.pop(0)}

    return receive


async def test_the_lifespan_protocol_starts_and_drains() -> None:
    calls, sent = Calls(), []

    async def send(event: dict[str, Any]) -> None:
        sent.append(event["type"])

    await calls.lifespan().serve_events(events("lifespan.startup", "lifespan.shutdown"), send)

    assert calls.made == ["start", "drain"]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_a_start_that_fails_is_told_to_the_server(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[dict[str, Any]] = []

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    await Calls(fails=True).lifespan().serve_events(events("lifespan.startup"), send)

    assert sent == [{"type": "lifespan.startup.failed", "message": "no database"}]
    assert "The node cannot start." in caplog.text
