"""The processes of a cloud started one by one, with the commands of docs/operations."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from tests.scenarios.restarts.peers import join, press
from tests.support.cloud_fixtures import SERVER
from tests.support.documents import operations
from tests.support.hand_made import BEAT, NODE, NODE_STOP_SECONDS, WORKER, HandMadeCloud
from tests.support.ports import free_port
from tests.support.postgres import fresh_database, url_of
from tests.support.stage import Stage


@pytest.fixture
def hand_made() -> Iterator[HandMadeCloud]:
    """Redis, worker, beat and three nodes, on PostgreSQL."""
    try:
        with (
            fresh_database() as database,
            HandMadeCloud(url_of(*database), server=SERVER, nodes=3) as running,
        ):
            yield running
    except psycopg.OperationalError as reason:
        pytest.skip(f"no PostgreSQL answers: {reason}")


@pytest.mark.timeout(120)
async def test_processes_started_by_hand_are_one_cloud(hand_made: HandMadeCloud) -> None:
    stage = Stage(hand_made)
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada, node=0)
    socket = await join(stage, phone, ada, app, family="A", node=1)
    await press(phone, "from node to node", socket)
    again = await stage.phone(ada, node=2)
    await stage.until_app(ada, app.package_name, "running")
    await press(again, "from yet another", socket)

    double = hand_made.launch_node(3, node_id="node-1", port=free_port())
    assert await asyncio.to_thread(double.wait, 30) == 1
    assert "a node with the name node-1 is running already" in hand_made.said("node-3")
    assert "Traceback" not in hand_made.said("node-3")
    await press(again, "undisturbed", socket)

    crashed = hand_made.node(0)
    crashed.kill()
    await asyncio.to_thread(crashed.wait, 5)
    restarted = await asyncio.to_thread(hand_made.launch_node, 0)
    await asyncio.to_thread(hand_made.wait_for_node, 0)
    restarted.terminate()
    assert await asyncio.to_thread(restarted.wait, NODE_STOP_SECONDS) == 0
    assert not hand_made.redis.keys("*node-0*")
    assert not hand_made.redis.pubsub_channels("*node-0*")
    await press(again, "the others go on", socket)
    await stage.clear()


def test_the_commands_are_those_of_the_documents() -> None:
    page = operations()
    for command in (NODE, WORKER, BEAT):
        assert f"`{command}`" in page
