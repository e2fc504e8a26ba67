"""`manage.py up` is stopped and started again: sessions are kept for the next start, or ended (lifecycle §2, §8.7)."""

import asyncio

import pytest

from tests.scenarios.restarts.peers import AWAY, join, press
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import SERVER
from tests.support.stage import Stage
from tests.support.wire import Closed

GRACE = {"SESSION_GRACE_SECONDS": "2", "SWEEP_SECONDS": "1"}


@pytest.mark.timeout(90)
async def test_after_a_restart_everybody_is_back_whoever_comes_first(trio: Stage) -> None:
    cloud = trio.cloud
    ada, bob = await trio.person(), await trio.person("bob")
    apps = [await trio.raw_app(ada, bob) for _ in range(2)]
    older, newer = apps
    phones = [await trio.phone(ada, node=0), await trio.phone(bob, node=1)]
    sockets = [
        await join(trio, phone, person, app, family=family, node=node)
        for phone, person, node in zip(phones, (ada, bob), (0, 1), strict=True)
        for app, family in ((older, "A"), (newer, "C"))
    ]

    await asyncio.to_thread(cloud.shut_down)
    assert [await peer.closed() for peer in (*phones, *sockets)] == [AWAY] * 6
    await asyncio.to_thread(cloud.start)

    early_c = await newer.dial_c(bob, f"{cloud.node_ws_url(2)}/app-ws")
    await early_c.reconnect_c(newer.session_id(bob))
    await early_c.take("reconnect_deferred", code="BOOTING")
    early_a = await older.dial_a(f"{cloud.node_ws_url(1)}/app-ws")
    await early_a.init_a(older.session_id(bob), older.package_name, older.record.api_key)
    bobs = await trio.phone(bob, node=0)
    for ack in (await early_c.take("reconnect_ack"), await early_a.take("tpa_connection_ack")):
        assert ack["subscriptions"] == ["button_press"]
    await press(bobs, "app first", early_c, early_a)

    adas = await trio.phone(ada, node=2)
    late_a = await older.join_a(ada)
    late_c = await newer.dial_c(ada, f"{cloud.node_ws_url(0)}/app-ws")
    await late_c.reconnect_c(newer.session_id(ada))
    await late_c.take("reconnect_ack", subscriptions=["button_press"])
    await press(adas, "phone first", late_a, late_c)

    for person in (ada, bob):
        row = await trio.session(person)
        assert row is not None
        assert (row["state"], row["reconnects"]) == ("ACTIVE", 1)
    assert not [
        socket.inbox.seen(type="app_stopped") for socket in sockets if socket.inbox.seen(type="app_stopped")
    ]
    assert not [app for app in apps if app.server.webhooks.seen(type="stop_request")]
    assert not newer.server.webhooks.untaken(type="session_request")


@pytest.mark.timeout(90)
async def test_a_restart_longer_than_the_grace_period_and_one_in_dispose_mode() -> None:
    with Cloud(GRACE | {"SESSIONS_ON_SHUTDOWN": "handover"}, server=SERVER, nodes=2) as cloud:
        stage = Stage(cloud)
        ada = await stage.person()
        newer, older = await stage.raw_app(ada), await stage.raw_app(ada)
        phone = await stage.phone(ada)
        for app in (newer, older):
            await stage.start_c(phone, ada, app)
        await asyncio.to_thread(cloud.shut_down)
        away = await stage.session(ada)
        assert away is not None
        assert away["state"] == "DISCONNECTED"
        cloud.environment |= {"SESSIONS_ON_SHUTDOWN": "dispose", "SESSION_GRACE_SECONDS": "300"}
        await asyncio.sleep(float(GRACE["SESSION_GRACE_SECONDS"]))
        await asyncio.to_thread(cloud.start)

        ended = await stage.until_session(ada, "disposed", lambda row: row["state"] == "DISPOSED", 15)
        assert (ended["id"], ended["disposeReason"]) == (away["id"], "grace_expired")
        for app in (newer, older):
            await app.server.webhooks.take(type="stop_request", reason="system_stop")
        phone = await stage.phone(ada)
        sockets = [
            await newer.join_at(ada, cloud.node_ws_url(1), family="C"),
            await older.join_at(ada, cloud.node_ws_url(0), family="A"),
        ]
        for app in (newer, older):
            await phone.take("app_started", packageName=app.package_name)
            assert len(app.server.webhooks.seen(type="stop_request")) == 1

        await asyncio.to_thread(cloud.shut_down)

        for app, socket in zip((newer, older), sockets, strict=True):
            await socket.take("app_stopped", reason="system_stop")
            await app.server.webhooks.take(type="stop_request", reason="system_stop")
            assert len(app.server.webhooks.seen(type="stop_request")) == 2
            assert await socket.closed() == Closed(1000, "User session ended")
        assert await phone.closed() == Closed(1000, "Session disposed")
        rows = await asyncio.to_thread(cloud.list_sessions, with_disposed=True)
        assert sorted((row["state"], row["disposeReason"]) for row in rows) == [
            ("DISPOSED", "grace_expired"),
            ("DISPOSED", "shutdown"),
        ]
        await stage.clear()
