"""Users of one app at three nodes speak to each other; those of another app hear nothing (app-socket §7.5)."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

NAMES = ("ada", "bob", "cleo")


@dataclass
class Crowd:
    """Three people at three nodes who run one app."""

    people: list[Person]
    phones: list[RawPhone]
    app: RawMiniApp
    sockets: list[RawApp]

    def user(self, place: int) -> str:
        return self.people[place].email


async def crowd(stage: Stage) -> Crowd:
    """Let them all start the app, each with its socket at the next node."""
    people = [await stage.person(name) for name in NAMES]
    app = await stage.raw_app(*people)
    phones, sockets = [], []
    for node, person in enumerate(people):
        phone = await stage.phone(person, node=node)
        await phone.send("start_app", packageName=app.package_name)
        socket = await app.join_at(person, stage.cloud.node_ws_url((node + 1) % 3), family="A")
        await phone.take("app_started", packageName=app.package_name)
        await stage.until_app(person, app.package_name, "running")
        phones.append(phone)
        sockets.append(socket)
    return Crowd(people, phones, app, sockets)


async def direct(socket: RawApp, target: str, message_id: str) -> dict[str, Any]:
    """Send a direct message and return what became of it."""
    await socket.send("app_direct_message", targetUserId=target, payload={"n": 1}, messageId=message_id)
    return dict(await socket.take("app_direct_message_response", messageId=message_id))


async def test_everybody_hears_a_broadcast_and_one_a_direct_message(cluster_stage: Stage) -> None:
    stage = cluster_stage
    group = await crowd(stage)
    ada, bob, cleo = group.sockets
    dan = await stage.person("dan")
    other = await stage.raw_app(dan, group.people[0])
    stranger = await stage.start_a(await stage.phone(dan), dan, other)
    own = await stage.start_a(group.phones[0], group.people[0], other)

    for number in range(5):
        forged = {"senderUserId": "evil@example.com", "packageName": other.package_name, "sessionId": "x"}
        await ada.send("app_broadcast_message", payload=[number, "ä"], messageId=f"b{number}", **forged)
    for hearer in (bob, cleo):
        heard = [await hearer.take("app_message_received") for _ in range(5)]
        assert [each["payload"] for each in heard] == [[number, "ä"] for number in range(5)]
        assert {each["senderUserId"] for each in heard} == {group.user(0)}
        assert {each["senderSessionId"] for each in heard} == {f"{group.user(0)}-{group.app.package_name}"}

    said = await direct(ada, group.user(2).upper(), "d1")
    assert (said["success"], said["targetUserId"]) == (True, group.user(2).upper())
    assert (await cleo.take("app_message_received", messageId="d1"))["senderUserId"] == group.user(0)
    absent = await direct(ada, dan.email, "d2")
    assert (absent["success"], absent["error"].split(":")[0]) == (False, "USER_NOT_ACTIVE")
    await ada.send("app_direct_message", targetUserId=group.user(1), payload="x" * 40_000, messageId="d4")
    refused = await ada.take("app_direct_message_response", messageId="d4")
    assert refused["error"].startswith("MESSAGE_TOO_LARGE")

    for socket in (stranger, own, ada):
        await socket.send("ping")
        await socket.take("pong")
        assert not socket.inbox.seen(type="app_message_received")


async def test_rooms_follow_their_users_and_end_with_the_app(cluster_stage: Stage) -> None:
    stage = cluster_stage
    group = await crowd(stage)
    ada, bob, cleo = group.sockets
    await ada.send("app_room_join", roomId="r1", roomConfig={"maxUsers": 2, "metadata": {"topic": "rings"}})
    alone = await ada.take("app_room_updated", roomId="r1")
    assert alone["roomData"]["memberCount"] == 1
    await bob.send("app_room_join", roomId="r1", roomConfig={"maxUsers": 50})
    full = await bob.take("app_room_updated", roomId="r1")
    assert full["roomData"] == {
        "currentUsers": 2,
        "memberCount": 2,
        "maxUsers": 2,
        "isPrivate": False,
        "metadata": {"topic": "rings"},
    }
    assert (await ada.take("app_user_joined", roomId="r1"))["userId"] == group.user(1)
    await cleo.send("app_room_join", roomId="r1")
    assert (await cleo.take("tpa_connection_error"))["code"] == "ROOM_FULL"
    await cleo.send("app_broadcast_message", roomId="r1", payload=1, messageId="m0")
    assert (await cleo.take("tpa_connection_error", requestId="m0"))["code"] == "NOT_IN_ROOM"

    # Bob's phone goes to another node, and his app loses its socket for a moment.
    await stage.phone(group.people[1], node=2)
    await bob.send("ping")
    await bob.take("pong")
    await bob.abort()
    await stage.until_app(group.people[1], group.app.package_name, "grace_period")
    await ada.send("app_broadcast_message", roomId="r1", payload="held", messageId="m1")
    await ada.send("ping")
    await ada.take("pong")
    bob = await group.app.dial_a(f"{stage.cloud.node_ws_url(0)}/app-ws")
    await bob.init_a(group.app.session_id(group.people[1]), group.app.package_name, group.app.record.api_key)
    await bob.take("tpa_connection_ack")
    assert (await bob.take("app_message_received", messageId="m1"))["roomId"] == "r1"
    assert not ada.inbox.seen(type="app_user_left")

    await group.phones[0].send("stop_app", packageName=group.app.package_name)
    left = await bob.take("app_user_left", roomId="r1")
    assert (left["userId"], left["sessionId"]) == (
        group.user(0),
        f"{group.user(0)}-{group.app.package_name}",
    )
    assert (await bob.take("app_room_updated", updateType="user_left"))["roomData"]["memberCount"] == 1
    await cleo.send("app_room_join", roomId="r1")
    await bob.take("app_user_joined", userId=group.user(2))
    await cleo.send("app_room_leave", roomId="r1")
    await bob.take("app_user_left", userId=group.user(2))
    assert (await cleo.take("app_room_updated", updateType="user_left"))["roomData"]["memberCount"] == 1


async def test_an_app_learns_who_else_runs_it_at_any_node(cluster_stage: Stage) -> None:
    stage = cluster_stage
    group = await crowd(stage)
    asked = {"packageName": group.app.package_name, "userId": group.user(0), "includeUserProfiles": True}
    headers = {"Authorization": f"Bearer {group.app.record.api_key}"}
    async with aiohttp.ClientSession() as http:
        for node in range(3):
            url = f"http://127.0.0.1:{stage.cloud.port + node}/api/app-communication/discover-users"
            async with http.post(url, json=asked, headers=headers) as answer:
                said = await answer.json()
            assert (answer.status, said["totalUsers"]) == (200, 2)
            assert [user["userId"] for user in said["users"]] == [group.user(1), group.user(2)]
            assert not [user for user in said["users"] if "userProfile" in user]
        async with http.post(url, json={**asked, "userId": "nobody@x.org"}, headers=headers) as answer:
            assert answer.status == 404
    await group.sockets[0].send("app_user_discovery")
    told = await group.sockets[0].take("custom_message", action="app_user_discovery")
    assert told["payload"]["totalUsers"] == 2
