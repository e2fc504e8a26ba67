"""The wearer looks up: what two apps and the phone put on the dashboard, on one node and the next (streams §10)."""

import asyncio
from typing import Any

from tests.support.inbox import PATIENCE_SECONDS
from tests.support.stage import Stage
from tests.support.wire import RawPhone

STATUS = "◌ $DATE$, $TIME12$, $GBATT$"
NOTICE = {"notificationId": "n-1", "app": "Messages", "title": "Bob", "content": "Lunch?"}
# More than the half second in which changes become one drawing.
SETTLED_SECONDS = 0.7


async def until_seen(phone: RawPhone, *lines: str, timeout_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until the dashboard shows these lines below the clock."""
    layout = {"layoutType": "text_wall", "text": "\n".join([STATUS, *lines])}
    await phone.take("display_event", timeout_seconds, view="dashboard", layout=layout)


async def look_up(phone: RawPhone) -> None:
    await phone.send("head_position", position="up")


async def look_down(phone: RawPhone) -> None:
    await phone.send("head_position", position="down")


def drawings(phone: RawPhone) -> list[Any]:
    return phone.inbox.seen(type="display_event", view="dashboard")


async def test_apps_have_their_turns_and_the_next_node_goes_on(cluster_stage: Stage) -> None:
    stage = cluster_stage
    ada = await stage.person()
    apps = [await stage.raw_app(ada), await stage.raw_app(ada)]
    phone = await stage.phone(ada, node=0)
    await look_up(phone)
    await until_seen(phone)
    await look_down(phone)
    for app, content in zip(apps, ("3 tasks due", "calm"), strict=True):
        socket = await stage.start_a(phone, ada, app)
        await socket.send("dashboard_content_update", content=content, modes=["main"])
    await until_seen(phone, "3 tasks due")
    await look_up(phone)
    await until_seen(phone, "calm")

    await phone.send("phone_notification", **NOTICE)
    await until_seen(phone, "Bob: Lunch?", "calm")
    await phone.send("phone_notification_dismissed", notificationKey="key", **NOTICE)
    await until_seen(phone, "calm")
    await look_down(phone)
    drawn = len(drawings(phone))
    await phone.send("phone_notification_dismissed", notificationKey="key", **NOTICE)
    await asyncio.sleep(SETTLED_SECONDS)
    await phone.barrier()
    assert len(drawings(phone)) == drawn

    moved = await stage.phone(ada, node=1)
    await until_seen(moved, "calm")
    await look_up(moved)
    await until_seen(moved, "3 tasks due")


async def test_an_app_that_crashed_keeps_its_place_until_it_is_stopped(cluster_stage: Stage) -> None:
    stage = cluster_stage
    ada = await stage.person()
    lasting, crashing = await stage.raw_app(ada), await stage.raw_app(ada)
    phone = await stage.phone(ada)
    for app, content in ((crashing, "going"), (lasting, "staying")):
        socket = await stage.start_a(phone, ada, app)
        await socket.send("dashboard_content_update", content=content, modes=["main"])
    await until_seen(phone, "going")

    await crashing.server.stop()
    await crashing.opened[0].abort()
    await stage.until_app(ada, crashing.package_name, "grace_period")
    for content in ("staying", "going"):
        await look_up(phone)
        await until_seen(phone, content)

    await phone.send("stop_app", packageName=crashing.package_name)
    await until_seen(phone, "staying")
