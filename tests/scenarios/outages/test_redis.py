"""Redis hangs or dies: what runs on one node goes on as if nothing were, the rest comes back with it."""

import asyncio
import json
from typing import Any

import pytest
import redis

from tests.scenarios.outages.story import (
    PATIENCE_SECONDS,
    Running,
    assert_quiet,
    kill,
    redis_of,
    running,
    until_disposed_once,
)
from tests.support.cloud import Cloud
from tests.support.probing import probe, until_health, until_well
from tests.support.stage import Stage

# One call to a Redis that hangs takes two seconds; more than this would be a hang of ours.
LONGEST_WELCOME_SECONDS = 10.0
# One check waits a second; the rest is for a busy machine.
LONGEST_PROBE_SECONDS = 8.0

pytestmark = pytest.mark.timeout(120)


async def _assert_all_goes_on(stage: Stage, ada: Running) -> None:
    """Assert that everything that needs one node only works, for those who are here and for those who come."""
    await ada.assert_connected()
    bob = await stage.person("bob")
    phone = await stage.dial(bob.token)
    await phone.take("connection_ack", LONGEST_WELCOME_SECONDS)
    app = await stage.raw_app(bob)
    socket = await stage.start_a(phone, bob, app)
    await socket.subscribe("button_press")
    await stage.until_subscribed(bob, app.package_name, "button_press")
    await Running(bob, phone, app, socket).assert_connected()
    await ada.assert_connected()


async def test_with_a_redis_that_hangs_a_node_serves_its_phones_and_apps(fragile_stage: Stage) -> None:
    stage, cloud = fragile_stage, fragile_stage.cloud
    ada, gone = await running(stage), await running(stage, "gone")
    since = len(cloud.log)
    hanging = redis_of(cloud)
    hanging.suspend()
    try:
        await gone.phone.abort()
        answer = await until_health(cloud, "Redis is missing", lambda answer: "redis" in answer.missing)
        assert answer.status == 503
        assert "database" not in answer.missing
        assert answer.seconds < LONGEST_PROBE_SECONDS
        await _assert_all_goes_on(stage, ada)
        for path in ("/livez", "/metrics"):
            assert (await probe(cloud, path)).status == 200
        assert ada.phone.is_open()
    finally:
        hanging.resume()

    await until_disposed_once(stage, gone)
    await until_well(cloud)
    await ada.assert_connected()
    assert_quiet(cloud, since)


async def test_without_redis_a_node_goes_on_and_a_new_redis_is_told_all_it_needs(
    fragile_stage: Stage,
) -> None:
    stage, cloud = fragile_stage, fragile_stage.cloud
    ada, gone = await running(stage), await running(stage, "gone")
    await ada.assert_connected()
    row = await stage.session(ada.person)
    assert row is not None
    since = len(cloud.log)

    await gone.phone.abort()
    kill(redis_of(cloud))
    await _assert_all_goes_on(stage, ada)

    await until_well(cloud)
    kept = await _until_kept(cloud, f"mentra:session:{row['id']}:snapshot")
    assert ada.app.package_name in kept
    await _until_kept(cloud, "mentra:node:node-1")
    await until_disposed_once(stage, gone)
    await ada.assert_connected()
    ended = await asyncio.to_thread(cloud.dispose_session, ada.person.email)
    assert ended["state"] == "DISPOSED"
    await ada.socket.take("app_stopped", reason="system_stop")
    assert ada.stop_requests() == 1
    assert_quiet(cloud, since)


async def test_after_a_redis_restart_an_app_follows_its_user_to_the_other_node(pair_stage: Stage) -> None:
    stage, cloud = pair_stage, pair_stage.cloud
    ada = await running(stage, node=0)
    kill(redis_of(cloud))
    await ada.assert_connected()
    for node in range(2):
        await until_well(cloud, node=node)
        await _until_kept(cloud, f"mentra:node:node-{node + 1}")

    first, ada.phone = ada.phone, await stage.phone(ada.person, node=1)

    await first.closed(PATIENCE_SECONDS)
    await stage.until_app(ada.person, ada.app.package_name, "running", PATIENCE_SECONDS)
    await ada.assert_connected()
    assert len(ada.app.server.webhooks.seen(type="session_request")) == 1


async def test_a_phone_may_change_nodes_while_redis_hangs(pair_stage: Stage) -> None:
    stage, cloud = pair_stage, pair_stage.cloud
    ada = await running(stage, node=0)
    hanging = redis_of(cloud)
    hanging.suspend()
    try:
        ada.phone = await stage.dial(ada.person.token, node=1)
        await ada.phone.take("connection_ack", LONGEST_WELCOME_SECONDS)
    finally:
        hanging.resume()

    await stage.until_app(ada.person, ada.app.package_name, "running", PATIENCE_SECONDS)
    await until_well(cloud, node=1)


async def _until_kept(cloud: Cloud, key: str) -> Any:
    """Return what Redis keeps under a key, once it does."""
    where = json.loads((cloud.data_dir / "run.json").read_text())["redis_url"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with redis.Redis.from_url(where, decode_responses=True) as client:
                found = client.get(key)
            if found is not None:
                return found
            await asyncio.sleep(0.2)
