"""A node dies and comes back: who returns first waits, and nothing kept is lost (lifecycle §8.7)."""

import asyncio

from tests.support.stage import GLASSES, Stage

# What only the owner knows is written at most once a second (architecture §2).
LONGER_THAN_A_SNAPSHOT_SECONDS = 1.5


async def test_apps_that_are_back_before_their_user_wait_for_the_phone(stage: Stage) -> None:
    ada = await stage.person()
    newer, older = await stage.raw_app(ada), await stage.raw_app(ada)
    phone = await stage.phone(ada)
    for app, start in ((newer, stage.start_c), (older, stage.start_a)):
        socket = await start(phone, ada, app)
        await socket.subscribe("button_press")
        await stage.until_subscribed(ada, app.package_name, "button_press")
    await asyncio.sleep(LONGER_THAN_A_SNAPSHOT_SECONDS)
    await asyncio.to_thread(stage.cloud.kill_nodes)
    await phone.closed()
    await stage.until_answering()

    parked = await newer.dial_c(ada, f"{stage.cloud.ws_url}/app-ws")
    await parked.reconnect_c(newer.session_id(ada))
    deferred = await parked.take("reconnect_deferred", code="BOOTING")
    assert deferred["timeoutMs"] == 30_000
    await parked.send("ping")
    await parked.take("pong")
    held = await older.dial_a(f"{stage.cloud.ws_url}/app-ws")
    await held.init_a(older.session_id(ada), older.package_name, older.record.api_key)
    again = await stage.dial(ada.token)

    await again.take("connection_ack")
    acks = [await parked.take("reconnect_ack"), await held.take("tpa_connection_ack")]
    for ack in acks:
        assert ack["subscriptions"] == ["button_press"]
        assert ack["capabilities"]["modelName"] == GLASSES
    await again.send("button_press", buttonId="after", pressType="short")
    for socket in (parked, held):
        await socket.take("data_stream", data={"buttonId": "after"})
    assert not newer.server.webhooks.untaken(type="session_request")
    assert not older.server.webhooks.untaken(type="session_request")
