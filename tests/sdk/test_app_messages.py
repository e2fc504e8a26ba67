"""Users of an app speak to each other with AppSession of either SDK (app-socket §7.5)."""

import pytest

from tests.sdk.packages import Family
from tests.sdk.play import Play

LEGACY = (Family.A, Family.B)


@pytest.mark.parametrize("legacy", LEGACY)
async def test_users_of_an_app_find_each_other_speak_and_share_a_room(play: Play, legacy: Family) -> None:
    ada, bob = await play.stage.person("ada"), await play.stage.person("bob")
    phones = [await play.stage.phone(person) for person in (ada, bob)]
    probe = await play.probe(legacy, [ada, bob])
    await play.start(phones[0], ada, probe)
    await play.start(phones[1], bob, probe)

    await probe.order("discover", userId=ada.email)
    found = (await probe.take("discovered", userId=ada.email))["found"]
    assert (found["totalUsers"], [user["userId"] for user in found["users"]]) == (1, [bob.email])

    await probe.order("broadcast", userId=ada.email, payload={"move": "e4"})
    heard = await probe.take("app_message", userId=bob.email)
    assert (heard["from"], heard["payload"]) == (ada.email, {"move": "e4"})
    await probe.order("send_to", userId=bob.email, target=ada.email, payload="e5")
    assert (await probe.take("sent", userId=bob.email))["ok"] is True
    assert (await probe.take("app_message", userId=ada.email))["payload"] == "e5"
    await probe.order("send_to", userId=bob.email, target="nobody@example.com", payload="?")
    assert (await probe.take("sent", userId=bob.email))["ok"] is False

    await probe.order("join_room", userId=ada.email, room="board", config={"maxUsers": 2})
    await probe.take("room_updated", userId=ada.email, room="board")
    await probe.order("join_room", userId=bob.email, room="board")
    await probe.take("user_joined", userId=ada.email, who=bob.email, room="board")
    told = await probe.take("room_updated", userId=ada.email, room="board")
    assert told["data"]["memberCount"] == 2
    await phones[1].send("stop_app", packageName=probe.app.package_name)
    await probe.take("user_left", userId=ada.email, who=bob.email, room="board")
    assert not probe.events.seen(event="error")
