"""Deadlines of sessions and apps, with the real beat and short settings (lifecycle §1.4, §2, §8)."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import SHORT_DEADLINES
from tests.support.stage import POLL_SECONDS, Stage, app_state
from tests.support.wire import Closed

GRACE_SECONDS = float(SHORT_DEADLINES["SESSION_GRACE_SECONDS"])
# A disposal waits for its worker, and the next start for the disposal.
BUSY_SECONDS = 15


async def test_an_expired_session_tells_its_apps_and_is_gone(quick_stage: Stage) -> None:
    stage = quick_stage
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)

    await phone.abort()
    away = await stage.until_session(ada, "disconnected", lambda row: row["state"] == "DISCONNECTED")
    assert away["disconnectedAt"]
    assert away["disposeAfter"] > away["disconnectedAt"]

    await socket.take("app_stopped", 12, reason="system_stop")
    assert await socket.closed() == Closed(1000, "User session ended")
    await app.server.webhooks.take(type="stop_request", reason="system_stop")
    row = await stage.until_session(ada, "disposed", lambda row: row["state"] == "DISPOSED")
    assert row["disposedAt"] >= away["disposeAfter"]
    assert app_state(row, app.package_name) in (None, "stopped")


@pytest.mark.timeout(120)
async def test_a_return_at_the_deadline_is_a_return_or_a_fresh_start(quick_stage: Stage) -> None:
    """A phone that comes back about when its grace period ends races with the sweep; either may win, wholly."""

    async def return_after(seconds: float) -> str:
        ada = await quick_stage.person()
        app = await quick_stage.raw_app(ada)
        phone = await quick_stage.phone(ada)
        socket = await quick_stage.start_a(phone, ada, app)
        await phone.abort()
        await asyncio.sleep(seconds)
        later = await quick_stage.phone(ada)
        row = await quick_stage.until_session(ada, "active", lambda row: row["state"] == "ACTIVE")
        if row["reconnects"] == 0:
            called = await app.invitation(ada, BUSY_SECONDS)
            socket = await app.dial_a(called["websocketUrl"])
            await socket.init_a(app.session_id(ada), app.package_name, app.record.api_key)
            await socket.take("tpa_connection_ack")
        await socket.subscribe("button_press")
        await quick_stage.until_subscribed(ada, app.package_name, "button_press")
        await later.send("button_press", buttonId="main", pressType="short")
        await socket.take("data_stream", streamType="button_press")
        calls = [call["type"] for call in app.server.webhooks.history]
        starts = 1 if row["reconnects"] else 2
        assert calls.count("session_request") == starts
        # A stop that could no longer come in time is left out; none may follow the start.
        assert "stop_request" not in calls[2:]
        return ada.email

    returning = (return_after(GRACE_SECONDS + number * 0.1) for number in range(12))
    for email in await asyncio.gather(*returning):
        await _until_all_but_one_are_over(quick_stage, email)
        rows = await asyncio.to_thread(quick_stage.cloud.list_sessions, email, with_disposed=True)
        last, *former = (_moves(quick_stage.cloud, row["id"]) for row in rows)
        assert last[:2] == ["CONNECTING", "ACTIVE"]
        assert last[2:] == ([] if former else ["DISCONNECTED", "ACTIVE"])
        ended = ["CONNECTING", "ACTIVE", "DISCONNECTED", "DISPOSING", "DISPOSED"]
        assert former in ([], [ended])


async def _until_all_but_one_are_over(stage: Stage, email: str) -> None:
    async with asyncio.timeout(BUSY_SECONDS):
        while True:
            if len(await asyncio.to_thread(stage.cloud.list_sessions, email)) == 1:
                return
            await asyncio.sleep(POLL_SECONDS)


def _moves(cloud: Cloud, session_id: str) -> list[str]:
    """Return the states that a session went through, from its history."""
    with closing(sqlite3.connect(f"file:{cloud.data_dir / 'mentra.sqlite3'}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT to_state FROM sessions_app_sessiontransition"
            " WHERE session_id = ? AND package_name = '' ORDER BY id",
            [session_id.replace("-", "")],
        ).fetchall()
    return [state for (state,) in rows]


async def test_the_next_session_brings_the_apps_of_the_expired_one(quick_stage: Stage) -> None:
    stage = quick_stage
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await stage.start_a(phone, ada, app)
    await phone.abort()
    ended = await stage.until_session(ada, "disposed", lambda row: row["state"] == "DISPOSED", 12)

    later = await stage.phone(ada)
    await app.join_a(ada)

    await later.take("app_started", packageName=app.package_name)
    kinds = [message["type"] for message in later.inbox.history]
    assert kinds[0] == "connection_ack"
    row = await stage.until_session(ada, "a new session", lambda row: row["id"] != ended["id"])
    assert row["state"] == "ACTIVE"
    assert row["reconnects"] == 0


async def test_a_user_stop_is_remembered_over_sessions(quick_stage: Stage) -> None:
    stage = quick_stage
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await stage.start_a(phone, ada, app)
    await phone.send("stop_app", packageName=app.package_name)
    await phone.take("app_stopped", packageName=app.package_name)
    await phone.abort()
    await stage.until_session(ada, "disposed", lambda row: row["state"] == "DISPOSED", 12)
    app.server.webhooks.forget()

    later = await stage.phone(ada)
    await later.barrier()

    await app.server.webhooks.none(0.5, type="session_request")


async def test_an_app_lost_while_its_user_is_away_sleeps_until_the_user_is_back(quick_stage: Stage) -> None:
    stage = quick_stage
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    await socket.subscribe("button_press")
    await stage.until_subscribed(ada, app.package_name, "button_press")

    await phone.abort()
    await socket.abort()
    entry = await stage.until_app(ada, app.package_name, "dormant")
    assert entry["subscriptions"] == ["button_press"]
    assert not app.server.webhooks.untaken(type="session_request")
    again = await stage.phone(ada)
    revived = await app.join_a(ada)

    await again.send("button_press", buttonId="main", pressType="short")
    await revived.take("data_stream", streamType="button_press")


async def test_a_lost_app_is_called_again_and_keeps_what_it_had(quick_stage: Stage) -> None:
    stage = quick_stage
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)
    await socket.subscribe("button_press")
    await stage.until_subscribed(ada, app.package_name, "button_press")
    phone.inbox.forget()

    await socket.abort()
    revived = await app.join_a(ada)

    assert revived.inbox.seen(type="tpa_connection_ack")[0]["subscriptions"] == ["button_press"]
    await phone.send("button_press", buttonId="main", pressType="short")
    await revived.take("data_stream", streamType="button_press")
    assert not phone.inbox.untaken(type="app_stopped")
    assert not phone.inbox.untaken(type="display_event", packageName="com.mentra.os")


async def test_a_release_puts_the_app_to_sleep_without_a_grace_period(quick_stage: Stage) -> None:
    stage = quick_stage
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)

    await socket.send("ownership_release", reason="switching_clouds")
    await socket.close()

    await stage.until_app(ada, app.package_name, "dormant")
    assert not app.server.webhooks.untaken(type="session_request")


async def test_a_release_of_the_old_socket_does_not_touch_the_new_one(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    old = await stage.start_a(phone, ada, app)
    await old.send("ownership_release", reason="switching_clouds")
    new = await app.dial_a(f"{stage.cloud.ws_url}/app-ws")
    await new.init_a(app.session_id(ada), app.package_name, app.record.api_key)
    await new.take("tpa_connection_ack")

    await old.closed()

    await new.subscribe("button_press")
    await stage.until_subscribed(ada, app.package_name, "button_press")
    entry = await stage.until_app(ada, app.package_name, "running")
    assert entry["state"] == "running"
