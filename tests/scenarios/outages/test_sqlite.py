"""Somebody else holds SQLite's only write lock for seconds: nobody notices, nothing is lost."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.scenarios.outages.story import assert_quiet, running, until_disposed_once
from tests.support.cloud import Cloud
from tests.support.probing import probe, until_well
from tests.support.stage import Stage, app_state

pytestmark = pytest.mark.timeout(120)


@contextmanager
def _written_by_somebody_else(cloud: Cloud) -> Iterator[None]:
    """Hold the write lock as a tool of the operator does that has begun to write."""
    with closing(
        sqlite3.connect(cloud.data_dir / "mentra.sqlite3", timeout=30, isolation_level=None)
    ) as tool:
        tool.execute("BEGIN IMMEDIATE")
        yield
        tool.execute("ROLLBACK")


async def test_writes_wait_for_a_foreign_writer_and_sockets_do_not(fragile_stage: Stage) -> None:
    stage, cloud = fragile_stage, fragile_stage.cloud
    ada, stopping, leaving = [await running(stage, name) for name in ("ada", "stopping", "leaving")]
    since = len(cloud.log)

    with _written_by_somebody_else(cloud):
        await ada.socket.subscribe("button_press", "head_position")
        await stopping.phone.send("stop_app", packageName=stopping.app.package_name)
        await stopping.phone.take("app_stopped", packageName=stopping.app.package_name)
        await leaving.phone.abort()
        for _ in range(8):
            await ada.assert_connected()
            await asyncio.sleep(0.5)
        assert (await probe(cloud, "/livez")).status == 200

    await ada.until_subscribed(stage, "button_press", "head_position")
    row = await stage.until_session(
        stopping.person,
        "the app is stopped",
        lambda row: app_state(row, stopping.app.package_name) == "stopped",
    )
    assert row["state"] == "ACTIVE"
    await until_disposed_once(stage, leaving)
    await ada.assert_connected()
    await until_well(cloud)
    assert_quiet(cloud, since)
