"""Owners that were frozen, not told, or killed half way: the session ends with one owner, its apps with that one."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
import pytest
import redis

from tests.support.cloud import Cloud
from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import Closed, RawApp, RawPhone

PATIENCE_SECONDS = 20.0
REPLACED = Closed(1000, "Replaced by new connection")


@dataclass
class Seated:
    """An app of one user with its open socket."""

    app: RawMiniApp
    socket: RawApp

    async def hears(self, button: str) -> None:
        """Wait for a button; it must come once, and nobody may have called the app's server for it."""
        await self.socket.take("data_stream", PATIENCE_SECONDS, data={"buttonId": button})
        assert len(self.socket.inbox.seen(type="data_stream", data={"buttonId": button})) == 1
        assert not self.app.server.webhooks.untaken(type="session_request")

    async def draws(self, text: str) -> None:
        layout = {"layoutType": "text_wall", "text": text}
        await self.socket.send("display_event", view="main", layout=layout, forceDisplay=True)


async def _start(stage: Stage, person: Person, phone: RawPhone, *, on_node: int | None = None) -> Seated:
    """Start an app that hears buttons, its socket on the owner's node or on another one."""
    app = await stage.raw_app(person)
    socket = await stage.start_a(phone, person, app)
    if on_node is not None:
        first, socket = socket, await app.dial_a(f"{stage.cloud.node_ws_url(on_node)}/app-ws")
        await socket.init_a(app.session_id(person), app.package_name, app.record.api_key)
        await socket.take("tpa_connection_ack", PATIENCE_SECONDS)
        await first.closed(PATIENCE_SECONDS)
    await socket.subscribe("button_press")
    await stage.until_subscribed(person, app.package_name, "button_press")
    return Seated(app, socket)


async def _arrive(stage: Stage, person: Person, node: int) -> RawPhone:
    phone = await stage.dial(person.token, node=node)
    await phone.take("connection_ack", PATIENCE_SECONDS)
    return phone


async def _press(phone: RawPhone, button: str) -> None:
    await phone.send("button_press", buttonId=button, pressType="short")


async def _shows(phone: RawPhone, text: str) -> None:
    await phone.take("display_event", PATIENCE_SECONDS, layout={"text": text})


@contextlib.contextmanager
def _frozen(process: psutil.Process) -> Iterator[None]:
    process.suspend()
    try:
        yield
    finally:
        process.resume()


@pytest.mark.timeout(120)
async def test_a_frozen_owner_disturbs_nobody_when_it_thaws(cluster_stage: Stage, cluster: Cloud) -> None:
    ada = await cluster_stage.person()
    first = await cluster_stage.phone(ada, node=1)
    near = await _start(cluster_stage, ada, first)
    far = await _start(cluster_stage, ada, first, on_node=2)
    owner = await asyncio.to_thread(cluster.node, 1)

    with _frozen(owner):
        await _press(first, "into the ice")
        await near.draws("from the ice")
        second = await _arrive(cluster_stage, ada, 0)
        await _press(second, "meanwhile")
        await far.hears("meanwhile")

    assert await first.closed(PATIENCE_SECONDS) == REPLACED
    await near.hears("meanwhile")
    await _shows(second, "from the ice")
    await _press(second, "afterwards")
    for each in (near, far):
        await each.hears("afterwards")
        assert not each.socket.inbox.seen(data={"buttonId": "into the ice"})
    await near.draws("all is well")
    await _shows(second, "all is well")
    row = await cluster_stage.session(ada)
    assert row is not None
    assert (row["state"], row["owner"], row["generation"]) == ("ACTIVE", "node-1", 2)
    assert second.is_open()


@pytest.mark.timeout(120)
async def test_an_owner_that_was_not_told_finds_out_by_itself(cluster_stage: Stage, cluster: Cloud) -> None:
    ada = await cluster_stage.person()
    first = await cluster_stage.phone(ada, node=0)
    near = await _start(cluster_stage, ada, first)
    far = await _start(cluster_stage, ada, first, on_node=2)

    await asyncio.to_thread(_cut_nodes_off, cluster)
    second = await _arrive(cluster_stage, ada, 1)
    await _press(second, "unheard of")

    await near.hears("unheard of")
    await far.hears("unheard of")
    assert await first.closed(PATIENCE_SECONDS) == REPLACED
    await near.draws("found again")
    await _shows(second, "found again")


@pytest.mark.timeout(120)
async def test_a_takeover_that_dies_half_way_is_taken_up_by_the_next_node(
    cluster_stage: Stage, cluster: Cloud
) -> None:
    ada, bob = await cluster_stage.person(), await cluster_stage.person("bob")
    first = await cluster_stage.phone(ada, node=0)
    near = await _start(cluster_stage, ada, first)

    await cluster_stage.dial(ada.token, node=1)
    await asyncio.to_thread(cluster.kill_node, 1)
    phone = await _arrive(cluster_stage, ada, 2)
    await _press(phone, "third time lucky")

    await near.hears("third time lucky")
    await near.draws("here")
    await _shows(phone, "here")
    await cluster_stage.redial(bob, PATIENCE_SECONDS, node=1)


def _cut_nodes_off(cluster: Cloud) -> None:
    """Break the connections over which nodes hear of each other; what is said until they are back is lost."""
    with redis.Redis(unix_socket_path=str(cluster.data_dir / "redis.sock")) as client:
        client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
