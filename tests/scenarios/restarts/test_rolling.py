"""All nodes are restarted one after the other under load; nobody loses anything (lifecycle §8.7)."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

PEOPLE = 20
PAUSE_SECONDS = 0.3
PATIENCE_SECONDS = 40
AWAY = (OSError, InvalidHandshake, ConnectionClosed, AssertionError)


class Wearer:
    """A user whose phone and apps come back by themselves: the phone and SDK 3 at the next node that takes them,
    as behind a load balancer, SDK 2 when it is called."""

    def __init__(self, stage: Stage, person: Person, older: RawMiniApp, newer: RawMiniApp, node: int) -> None:
        self.stage, self.person, self.older, self.newer = stage, person, older, newer
        self.phones: list[RawPhone] = []
        self.sockets: dict[str, list[RawApp]] = {"A": [], "C": []}
        self._nodes = itertools.cycle([(node + turn) % 3 for turn in range(3)])

    async def begin(self) -> None:
        """Put the glasses on and start both apps, which subscribe this once and never again."""
        self.phones.append(await self.stage.phone(self.person, node=next(self._nodes)))
        for app in (self.older, self.newer):
            await self.phones[-1].send("start_app", packageName=app.package_name)
        self.sockets["A"].append(await self.older.join_a(self.person))
        self.sockets["C"].append(await self.newer.join_c(self.person))
        for app, family in ((self.older, "A"), (self.newer, "C")):
            await self.sockets[family][-1].subscribe("button_press")
            await self.stage.until_subscribed(self.person, app.package_name, "button_press")

    async def keep_phone(self) -> None:
        while True:
            await self.phones[-1].closed(600)
            with contextlib.suppress(*AWAY):
                phone = await self.stage.dial(self.person.token, node=next(self._nodes))
                await phone.take("connection_ack")
                self.phones.append(phone)
            await asyncio.sleep(PAUSE_SECONDS)

    async def keep_app_c(self) -> None:
        while True:
            await self.sockets["C"][-1].closed(600)
            with contextlib.suppress(*AWAY):
                address = f"{self.stage.cloud.node_ws_url(next(self._nodes))}/app-ws"
                socket = await self.newer.dial_c(self.person, address)
                await socket.reconnect_c(self.newer.session_id(self.person))
                await socket.take("reconnect_ack", PATIENCE_SECONDS)
                self.sockets["C"].append(socket)
            await asyncio.sleep(PAUSE_SECONDS)

    async def keep_app_a(self) -> None:
        while True:
            with contextlib.suppress(*AWAY):
                call = await self.older.invitation(self.person, 600)
                socket = await self.older.dial_a(call["mentraOSWebsocketUrl"])
                await socket.init_a(
                    self.older.session_id(self.person), self.older.package_name, self.older.record.api_key
                )
                await socket.take("tpa_connection_ack")
                self.sockets["A"].append(socket)

    async def use(self) -> None:
        for number in itertools.count():
            with contextlib.suppress(*AWAY):
                await self.phones[-1].send("button_press", buttonId=f"load {number}", pressType="short")
            await asyncio.sleep(PAUSE_SECONDS)

    async def hears(self, word: str) -> None:
        """Press a button; both apps must hear it."""
        await self.phones[-1].send("button_press", buttonId=word, pressType="short")
        for sockets in self.sockets.values():
            await sockets[-1].take("data_stream", PATIENCE_SECONDS, data={"buttonId": word})

    def is_well(self, row: dict[str, Any]) -> bool:
        """Say whether a session row shows everything running, with its subscriptions."""
        wanted = sorted((app.package_name, "running", ["button_press"]) for app in (self.older, self.newer))
        found = sorted((app["packageName"], app["state"], app["subscriptions"]) for app in row["apps"])
        return row["state"] == "ACTIVE" and row["reconnects"] > 0 and found == wanted


@contextlib.asynccontextmanager
async def going_on(jobs: list[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Have jobs that never end running meanwhile; one that fails fails the story."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield
    finally:
        failed = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in failed:
        task.result()


async def _rows(stage: Stage) -> dict[str, list[dict[str, Any]]]:
    rows = await asyncio.to_thread(stage.cloud.list_sessions, with_disposed=True)
    by_user: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_user.setdefault(row["userId"], []).append(row)
    return by_user


async def _until_all_well(stage: Stage, wearers: list[Wearer]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            rows = await _rows(stage)
            if all(wearer.is_well(rows[wearer.person.email][0]) for wearer in wearers):
                return
            await asyncio.sleep(PAUSE_SECONDS)


@pytest.mark.timeout(180)
async def test_a_rolling_restart_under_load_is_felt_by_nobody(trio: Stage) -> None:
    people = [await trio.person("rolling") for _ in range(PEOPLE)]
    older, newer = await trio.raw_app(*people), await trio.raw_app(*people)
    wearers = [Wearer(trio, person, older, newer, number) for number, person in enumerate(people)]
    await asyncio.gather(*(wearer.begin() for wearer in wearers))
    calls = len(newer.server.webhooks.seen(type="session_request"))
    everything = [
        job
        for wearer in wearers
        for job in (wearer.keep_phone(), wearer.keep_app_a(), wearer.keep_app_c(), wearer.use())
    ]

    async with going_on(everything):
        for node in range(3):
            await asyncio.to_thread(trio.cloud.drain_node, node)
            await trio.until_answering(PATIENCE_SECONDS, node=node)
        await _until_all_well(trio, wearers)
        await asyncio.gather(*(wearer.hears("after all") for wearer in wearers))

    rows = await _rows(trio)
    assert [len(rows[person.email]) for person in people] == [1] * PEOPLE
    peers = [
        peer for wearer in wearers for peer in (*wearer.phones, *wearer.sockets["A"], *wearer.sockets["C"])
    ]
    assert not [told for peer in peers for told in peer.inbox.seen(type="app_stopped")]
    for app in (older, newer):
        assert not app.server.webhooks.seen(type="stop_request")
    assert len(newer.server.webhooks.seen(type="session_request")) == calls, "SDK 3 comes back by itself"
