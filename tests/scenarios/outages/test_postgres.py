"""PostgreSQL is restarted, killed, away or frozen: sockets stay, and what was meant for it is stored afterwards."""

import asyncio

import pytest

from tests.scenarios.outages.story import (
    PATIENCE_SECONDS,
    assert_quiet,
    running,
    until_disposed_once,
)
from tests.support.own_postgres import OwnPostgres
from tests.support.probing import probe, transitions, until_health, until_well
from tests.support.stage import Stage, app_state
from tests.support.wire import Closed

LONGEST_PROBE_SECONDS = 8.0
# A node lets a phone wait ten seconds for a database that says nothing.
LONGEST_WELCOME_SECONDS = 25.0

pytestmark = pytest.mark.timeout(180)


async def test_a_restart_and_a_crash_are_not_noticed(pair_stage: Stage, own_postgres: OwnPostgres) -> None:
    stage, cloud = pair_stage, pair_stage.cloud
    ada = await running(stage)
    since = len(cloud.log)
    background = {part: cloud.part("celery", part).pid for part in ("worker", "beat")}

    for mode, stream in (("fast", "head_position"), ("immediate", "touch_event")):
        with own_postgres.away(mode):
            await ada.socket.subscribe("button_press", stream)
            await ada.assert_connected()

        await until_well(cloud)
        await ada.until_subscribed(stage, "button_press", stream)
        await ada.assert_connected()
    assert background == {part: cloud.part("celery", part).pid for part in background}
    assert_quiet(cloud, since)


async def test_what_happens_while_it_is_away_is_stored_when_it_is_back(
    pair_stage: Stage, own_postgres: OwnPostgres
) -> None:
    stage, cloud = pair_stage, pair_stage.cloud
    ada, stopping, leaving = [await running(stage, name) for name in ("ada", "stopping", "leaving")]
    gone, late = await running(stage, "gone"), await stage.person("late")
    idle = await stage.raw_app(ada.person)
    since = len(cloud.log)
    await gone.phone.abort()
    await stage.until_session(gone.person, "disconnected", lambda row: row["state"] == "DISCONNECTED")

    with own_postgres.away("fast"):
        answer = await until_health(
            cloud, "the database is missing", lambda answer: "database" in answer.missing
        )
        assert (answer.status, answer.missing) == (503, ["database"])
        assert answer.seconds < LONGEST_PROBE_SECONDS
        for path in ("/livez", "/metrics"):
            assert (await probe(cloud, path)).status == 200
        await ada.socket.subscribe("button_press", "head_position")
        await stopping.phone.send("stop_app", packageName=stopping.app.package_name)
        await stopping.phone.take("app_stopped", PATIENCE_SECONDS, packageName=stopping.app.package_name)
        await leaving.phone.abort()
        await ada.phone.send("start_app", packageName=idle.package_name)
        await ada.phone.take("app_stopped", PATIENCE_SECONDS, packageName=idle.package_name)
        early = await stage.dial(late.token)
        await early.take("connection_error", PATIENCE_SECONDS, code="SESSION_ERROR")
        assert await early.closed(PATIENCE_SECONDS) == Closed(1013, "Try again later")
        # Longer than what is left of the grace period of who left before.
        await asyncio.sleep(3.0)
        await ada.assert_connected()

    await until_well(cloud)
    await (await stage.redial(late, PATIENCE_SECONDS)).barrier()
    await ada.until_subscribed(stage, "button_press", "head_position")
    await stage.until_session(
        stopping.person,
        "the app is stopped",
        lambda row: app_state(row, stopping.app.package_name) == "stopped",
        PATIENCE_SECONDS,
    )
    for story in (gone, leaving):
        await until_disposed_once(stage, story)
    row = await stage.session(ada.person)
    assert row is not None
    assert "DISPOSING" not in await transitions(cloud, row["id"])
    await ada.assert_connected()
    assert_quiet(cloud, since)


async def test_a_database_that_hangs_holds_nobody_up_for_ever(
    pair_stage: Stage, own_postgres: OwnPostgres
) -> None:
    stage, cloud = pair_stage, pair_stage.cloud
    ada, late = await running(stage), await stage.person("late")
    since = len(cloud.log)
    with own_postgres.frozen():
        waiting = await stage.dial(late.token)
        answer = await until_health(
            cloud, "the database is missing", lambda answer: "database" in answer.missing
        )
        assert answer.status == 503
        for path in ("/health", "/livez", "/metrics"):
            answer = await probe(cloud, path)
            assert answer.seconds < LONGEST_PROBE_SECONDS
            assert answer.status == (503 if path == "/health" else 200)
        await ada.socket.subscribe("button_press", "head_position")
        await ada.assert_connected()
        await waiting.take("connection_error", LONGEST_WELCOME_SECONDS, code="SESSION_ERROR")
        assert (await waiting.closed(PATIENCE_SECONDS)).code == 1013

    await until_well(cloud)
    await ada.until_subscribed(stage, "button_press", "head_position")
    await (await stage.redial(late, PATIENCE_SECONDS)).barrier()
    await ada.assert_connected()
    assert_quiet(cloud, since)
