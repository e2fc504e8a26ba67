"""A node is asked to end (SIGTERM): its sessions go to any other node, whole and at once (lifecycle §2, §8.7)."""

import asyncio
import socket
import time

from tests.scenarios.restarts.peers import AWAY, join, press
from tests.support.cloud_fixtures import forged_token
from tests.support.stage import Stage

PHOTO = {"requestId": "p1", "saveToGallery": False}
CROWD = 200
MOST_SECONDS = 10.0


async def test_a_session_moves_whole_to_another_node(trio: Stage) -> None:
    ada = await trio.person()
    newer, older, guest = [await trio.raw_app(ada) for _ in range(3)]
    phone = await trio.phone(ada, node=0)
    socket_c = await join(trio, phone, ada, newer, family="C", node=0)
    socket_a = await join(trio, phone, ada, older, family="A", node=0)
    socket_far = await join(trio, phone, ada, guest, family="A", node=1)
    await socket_c.abort()
    await trio.until_app(ada, newer.package_name, "grace_period")
    await phone.send("button_press", buttonId="held for the newer", pressType="short")
    last = {"layoutType": "text_wall", "text": "the very last"}
    await socket_far.send("display_event", view="main", layout=last, forceDisplay=True)
    await phone.take("display_event", layout=last)

    draining = asyncio.create_task(asyncio.to_thread(trio.cloud.drain_node, 0))
    assert await phone.closed(10) == AWAY
    again = await trio.dial(ada.token, node=2)

    await again.take("connection_ack")
    await again.take("display_event", layout=last)
    assert await socket_a.closed() == AWAY
    back_a = await older.join_a(ada)
    assert back_a.inbox.seen(type="tpa_connection_ack")[0]["subscriptions"] == ["button_press"]
    back_c = await newer.dial_c(ada, f"{trio.cloud.node_ws_url(1)}/app-ws")
    await back_c.reconnect_c(newer.session_id(ada))
    await back_c.take("reconnect_ack", subscriptions=["button_press"])
    await back_c.take("data_stream", data={"buttonId": "held for the newer"})
    await trio.until_app(ada, guest.package_name, "running")
    await press(again, "after", back_a, back_c, socket_far)
    assert not newer.server.webhooks.untaken(type="session_request")
    assert not guest.server.webhooks.untaken()
    row = await trio.session(ada)
    assert row is not None
    assert (row["owner"], row["reconnects"]) == ("node-3", 1)
    await draining


async def test_an_app_whose_socket_was_there_is_called_back_by_its_owner_elsewhere(trio: Stage) -> None:
    ada = await trio.person()
    older, newer = await trio.raw_app(ada), await trio.raw_app(ada)
    phone = await trio.phone(ada, node=1)
    socket_a = await join(trio, phone, ada, older, family="A", node=0)
    socket_c = await join(trio, phone, ada, newer, family="C", node=0)

    draining = asyncio.create_task(asyncio.to_thread(trio.cloud.drain_node, 0))

    assert await socket_a.closed(10) == AWAY
    assert await socket_c.closed(10) == AWAY
    back_a = await older.join_a(ada)
    back_c = await newer.dial_c(ada, f"{trio.cloud.node_ws_url(2)}/app-ws")
    await back_c.reconnect_c(newer.session_id(ada))
    await back_c.take("reconnect_ack")
    await press(phone, "after", back_a, back_c)
    assert not newer.server.webhooks.untaken(type="session_request")
    assert not phone.inbox.seen(type="app_stopped")
    await draining


async def test_requests_under_way_are_answered_and_starts_go_on(trio: Stage) -> None:
    ada = await trio.person()
    guest, starting = await trio.raw_app(ada, permissions=["CAMERA"]), await trio.raw_app(ada)
    phone = await trio.phone(ada, node=0, glasses="Mentra Live")
    socket = await join(trio, phone, ada, guest, family="A", node=1)
    await socket.send("photo_request", **PHOTO)
    await phone.take("photo_request")
    await phone.send("start_app", packageName=starting.package_name)
    await starting.invitation(ada)

    draining = asyncio.create_task(asyncio.to_thread(trio.cloud.drain_node, 0))

    answer = await socket.take("photo_response", 10, requestId="p1", success=False)
    assert answer["error"]["code"] == "PHONE_DISCONNECTED"
    assert await phone.closed(10) == AWAY
    again = await trio.phone(ada, node=1)
    await starting.join_a(ada)
    await again.take("app_started", packageName=starting.package_name)
    assert socket.is_open()
    await draining


async def test_two_hundred_sessions_are_handed_over_within_ten_seconds(trio: Stage) -> None:
    cloud, people = trio.cloud, [f"crowd-{number}@example.com" for number in range(CROWD)]
    phones = [await trio.dial(forged_token(email), node=1) for email in people]
    for phone in phones:
        await phone.take("connection_ack", 20)

    began = time.monotonic()
    await asyncio.to_thread(cloud.drain_node, 1)

    assert time.monotonic() - began < MOST_SECONDS
    assert [await phone.closed() for phone in phones] == [AWAY] * CROWD
    await asyncio.to_thread(cloud.wait_for_line, "node-2 ended")
    rows = {row["userId"]: row for row in await asyncio.to_thread(cloud.list_sessions)}
    assert {(rows[email]["state"], rows[email]["owner"]) for email in people} == {("DISCONNECTED", "")}


async def test_a_node_that_cannot_start_takes_no_other_down(trio: Stage) -> None:
    cloud = trio.cloud
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        await asyncio.to_thread(cloud.kill_node, 2)
        squatter.bind(("127.0.0.1", cloud.port + 2))
        squatter.listen()
        await asyncio.to_thread(cloud.wait_for_line, "node-3 ended (exit code 1); starting it again in", 40)
        ada = await trio.person()
        app = await trio.raw_app(ada)
        phone = await trio.phone(ada, node=0)
        await press(phone, "two are left", await join(trio, phone, ada, app, family="A", node=1))
    await trio.until_answering(40, node=2)
    third = await trio.phone(ada, node=2)
    assert app.opened[-1].is_open()
    await trio.until_app(ada, app.package_name, "running")
    await press(third, "three again", app.opened[-1])
