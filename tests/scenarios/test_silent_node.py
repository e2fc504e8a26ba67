"""A node that falls silent is taken for dead, and may come back: beat and the node agree by rows (architecture §2).

The node is frozen, not killed, so that `up` does not start another one in its place.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import several_nodes
from tests.support.stage import Person, RawMiniApp, Stage, staged
from tests.support.wire import Closed, RawApp, RawPhone

GRACE_SECONDS = 60
SHORT = {"NODE_LOST_SECONDS": "4", "SWEEP_SECONDS": "1", "SESSION_GRACE_SECONDS": str(GRACE_SECONDS)}
LONGER_THAN_A_WEBHOOK_SECONDS = 1.5


@pytest.fixture(scope="module")
def pair() -> Iterator[Cloud]:
    """Two nodes, on PostgreSQL where there is one: a frozen process may hold the lock of a SQLite file."""
    with several_nodes(2, SHORT) as running:
        yield running


@pytest.fixture
async def stage(pair: Cloud) -> AsyncIterator[Stage]:
    async for made in staged(pair):
        yield made


async def _at_second_node(stage: Stage) -> tuple[Person, RawPhone, RawMiniApp, RawApp]:
    """Return somebody whose phone and app are both connected to the second node."""
    person = await stage.person()
    app = await stage.raw_app(person)
    phone = await stage.phone(person, node=1)
    socket = await stage.start_a(phone, person, app)
    await socket.subscribe("button_press")
    await stage.until_subscribed(person, app.package_name, "button_press")
    return person, phone, app, socket


async def _hears(phone: RawPhone, socket: RawApp, word: str) -> None:
    await phone.send("button_press", buttonId=word, pressType="short")
    await socket.take("data_stream", data={"buttonId": word})


@pytest.mark.timeout(120)
async def test_a_frozen_node_revives_what_is_lost_but_not_what_is_over(stage: Stage) -> None:
    bea, her_phone, _, her_app = await _at_second_node(stage)
    dan, old_phone, app, old_socket = await _at_second_node(stage)
    first = await stage.session(dan)
    assert first is not None
    node = stage.cloud.node(1)

    frozen_at = datetime.now(UTC)
    node.suspend()
    try:
        away = await stage.until_session(bea, "disconnected", lambda row: row["state"] == "DISCONNECTED", 25)
        lost_at, ends_at = (datetime.fromisoformat(away[name]) for name in ("disconnectedAt", "disposeAfter"))
        assert lost_at <= frozen_at, "since it was last seen, not since it was missed"
        assert (ends_at - lost_at).total_seconds() == GRACE_SECONDS
        ended = await asyncio.to_thread(stage.cloud.dispose_session, dan.email, "manual")
        assert (ended["id"], ended["state"]) == (first["id"], "DISPOSED")
        await app.server.webhooks.take(type="stop_request", reason="system_stop")
        new_phone = await stage.phone(dan, node=0)
        new_socket = await app.join_a(dan)
    finally:
        node.resume()

    assert (await old_phone.closed(20)).code == 1000
    assert await old_socket.closed(20) == Closed(1000, "User session ended")
    back = await stage.until_session(bea, "active again", lambda row: row["state"] == "ACTIVE", 20)
    assert (back["generation"], back["reconnects"]) == (away["generation"], 0), "her phone was never away"
    assert back["disposeAfter"] is None
    await _hears(her_phone, her_app, "was I away?")
    await app.server.webhooks.none(LONGER_THAN_A_WEBHOOK_SECONDS, type="stop_request")
    await new_socket.subscribe("button_press")
    await stage.until_subscribed(dan, app.package_name, "button_press")
    await _hears(new_phone, new_socket, "and I am new")
    rows = await asyncio.to_thread(stage.cloud.list_sessions, dan.email, with_disposed=True)
    assert sorted(row["state"] for row in rows) == ["ACTIVE", "DISPOSED"]
