"""The servers of apps go away and come back in pieces, as in a rolling restart: no app is lost (lifecycle §8.3)."""

import asyncio

import pytest

from tests.support.app_server import AppServer
from tests.support.inbox import Item
from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

RETRY_AFTER_SECONDS = 2
ATTEMPT_SECONDS = 20  # longer than the gap between any two of the first five attempts, on a busy machine
STREAM = "button_press"


async def running(stage: Stage, phone: RawPhone, person: Person, family: str) -> tuple[RawMiniApp, RawApp]:
    """Start an app of a family, let it subscribe, and wait until its boot screen is gone."""
    app = await stage.raw_app(person)
    start = stage.start_a if family == "A" else stage.start_c
    socket = await start(phone, person, app)
    await phone.take("display_event", packageName="com.mentra.os", layout={"layoutType": "text_wall"})
    await socket.subscribe(STREAM)
    await stage.until_subscribed(person, app.package_name, STREAM)
    return app, socket


async def next_attempt(app: RawMiniApp, person: Person) -> Item:
    return await app.invitation(person, ATTEMPT_SECONDS)


async def go_through_a_restart(stage: Stage, app: RawMiniApp, socket: RawApp, person: Person) -> None:
    """Refuse connections, then answer 502, then 503 with Retry-After, then 200; the cloud asks each time."""
    await app.server.stop()
    await socket.abort()
    await stage.until_app(person, app.package_name, "resurrecting", ATTEMPT_SECONDS)

    app.server.status = 502
    await app.server.start()
    await next_attempt(app, person)
    app.server.status, app.server.headers = 503, {"Retry-After": str(RETRY_AFTER_SECONDS)}
    await next_attempt(app, person)
    app.server.status, app.server.headers = 200, {}


@pytest.mark.timeout(120)
async def test_apps_of_both_families_outlive_a_rolling_restart_of_their_servers(quick_stage: Stage) -> None:
    stage = quick_stage
    ada = await stage.person()
    phone = await stage.phone(ada)
    old, old_socket = await running(stage, phone, ada, "A")
    new, new_socket = await running(stage, phone, ada, "C")
    phone.inbox.forget()

    await asyncio.gather(
        go_through_a_restart(stage, old, old_socket, ada), go_through_a_restart(stage, new, new_socket, ada)
    )
    revived = await asyncio.gather(old.join_a(ada, ATTEMPT_SECONDS), new.join_c(ada, ATTEMPT_SECONDS))

    for app, socket in zip((old, new), revived, strict=True):
        ack = socket.inbox.seen(type="tpa_connection_ack")[0]
        assert ack["subscriptions"] == [STREAM]
        await stage.until_app(ada, app.package_name, "running")
    await phone.send(STREAM, buttonId="after", pressType="short")
    for socket in revived:
        await socket.take("data_stream", streamType=STREAM, data={"buttonId": "after"})
    assert not phone.inbox.untaken(type="app_stopped")
    assert not phone.inbox.untaken(type="display_event", packageName="com.mentra.os")
    for app in (old, new):
        await app.server.webhooks.none(1, type="session_request")


async def test_an_app_that_moves_during_an_outage_is_found(quick_stage: Stage) -> None:
    stage = quick_stage
    ada = await stage.person()
    phone = await stage.phone(ada)
    app, socket = await running(stage, phone, ada, "C")

    await app.server.stop()
    await socket.abort()
    await stage.until_app(ada, app.package_name, "resurrecting", ATTEMPT_SECONDS)
    async with AppServer() as elsewhere:
        await asyncio.to_thread(stage.cloud.create_app, app.package_name, elsewhere.url)

        await elsewhere.webhooks.take(ATTEMPT_SECONDS, type="session_request", userId=ada.email)
