"""Apps of the official SDKs on three nodes: their users move from node to node, and nodes die under them."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.sdk.packages import Family, Program
from tests.sdk.play import Play
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.stage import POLL_SECONDS, Stage, staged

ANSWER_SECONDS = 30
NEWEST_AND_OLDEST = (Family.A, Family.C)


@pytest.fixture
async def cluster_play(programs: dict[Family, Program], cluster_stage: Stage) -> AsyncIterator[Play]:
    """Probe apps on three nodes, all of which run again when the story is over."""
    try:
        yield Play(cluster_stage, programs)
    finally:
        for node in range(cluster_stage.cloud.nodes):
            await _until_answering(cluster_stage, node)


@pytest.fixture(scope="module")
def balanced() -> Iterator[Cloud]:
    """Three nodes behind one public address; the proxy leads to the first of them until a test says otherwise."""
    with Cloud(KNOWN_SECRET, server=SERVER, nodes=3, proxied=True) as running:
        yield running


@pytest.fixture
async def balanced_play(programs: dict[Family, Program], balanced: Cloud) -> AsyncIterator[Play]:
    """Probe apps that know only the public address."""
    async for stage in staged(balanced):
        yield Play(stage, programs)


async def _until_answering(stage: Stage, node: int) -> None:
    async with asyncio.timeout(ANSWER_SECONDS):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", stage.cloud.port + node)
                writer.write(b"GET /livez HTTP/1.0\r\n\r\n")
                status = await reader.readline()
                writer.close()
                if b" 200 " in status:
                    return
            except OSError:
                pass
            await asyncio.sleep(POLL_SECONDS)


async def test_apps_notice_nothing_of_a_user_who_moves_over_the_nodes(cluster_play: Play) -> None:
    play = cluster_play
    ada = await play.stage.person()
    phone = await play.stage.phone(ada, node=0)
    probes = [await play.probe(family, ada, "button_press") for family in NEWEST_AND_OLDEST]
    for probe in probes:
        await play.start(phone, ada, probe)
        await probe.subscribed(play.stage, ada, "button_press")

    for node in (1, 2):
        moved = await play.stage.phone(ada, node=node)
        await phone.closed()
        for probe in probes:
            await play.stage.until_app(ada, probe.app.package_name, "running")
            await moved.send("button_press", buttonId=f"at node {node}", pressType="short")
            await probe.take("data", data={"buttonId": f"at node {node}"})
        phone = moved

    for probe in probes:
        await play.heard_a_button(phone, ada, probe)
        assert probe.count("session") == 1
        assert probe.count("disconnected") == 0
        assert probe.count("reconnected") == 0
        assert probe.count("stop") == 0
        assert probe.count("webhook") == 1
    assert not phone.inbox.seen(type="app_stopped")


async def test_an_app_whose_socket_outlived_the_owner_notices_nothing(cluster_play: Play) -> None:
    play = cluster_play
    ada = await play.stage.person()
    phone = await play.stage.phone(ada, node=0)
    probes = [await play.probe(family, ada, "button_press") for family in NEWEST_AND_OLDEST]
    for probe in probes:
        await play.start(phone, ada, probe)
        await probe.subscribed(play.stage, ada, "button_press")
    second = await play.stage.phone(ada, node=1)
    for probe in probes:
        await play.stage.until_app(ada, probe.app.package_name, "running")
        await play.heard_a_button(second, ada, probe)

    await asyncio.to_thread(play.stage.cloud.kill_node, 1)
    third = await play.stage.phone(ada, node=2)

    for probe in probes:
        await third.send("button_press", buttonId="at the third", pressType="short")
        await probe.take("data", data={"buttonId": "at the third"})
        assert probe.count("session") == 1
        assert probe.count("disconnected") == 0
        assert probe.count("webhook") == 1


async def test_apps_reconnect_by_themselves_when_the_owner_was_killed(
    balanced_play: Play, balanced: Cloud
) -> None:
    play = balanced_play
    ada = await play.stage.person()
    phone = await play.stage.phone(ada, node=0)
    probes = [await play.probe(family, ada, "button_press") for family in NEWEST_AND_OLDEST]
    for probe in probes:
        await play.start(phone, ada, probe)
        await probe.subscribed(play.stage, ada, "button_press")

    assert balanced.proxy is not None
    balanced.proxy.target_port = balanced.port + 1
    await asyncio.to_thread(balanced.kill_node, 0)
    again = await play.stage.phone(ada, node=2)

    for probe in probes:
        await probe.take("disconnected", permanent=False)
        await probe.take("reconnected", ANSWER_SECONDS, userId=ada.email)
        await play.heard_a_button(again, ada, probe)
        assert probe.count("session") == 1
        assert probe.count("stop") == 0
        assert probe.count("webhook") == 1
    assert not again.inbox.seen(type="app_stopped")
    assert not again.inbox.seen(type="display_event", packageName="com.mentra.os")
