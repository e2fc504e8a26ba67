"""The first thing anyone tries: an app of the official SDK starts and its text appears on the glasses."""

from tests.sdk.packages import Family
from tests.sdk.play import Play


async def test_the_greeting_of_a_started_app_appears_on_the_glasses(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada)

    await play.start(phone, ada, probe)

    greeting = {"layoutType": "text_wall", "text": f"hello from {probe.app.package_name}"}
    await phone.take("display_event", packageName=probe.app.package_name, view="main", layout=greeting)
    assert probe.count("session") == 1
    assert probe.count("webhook") == 1


async def test_the_sdk_learns_which_glasses_are_connected(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada, glasses="Mentra Live")
    probe = await play.probe(family, ada)

    await phone.send("start_app", packageName=probe.app.package_name)

    event = "connected" if family is Family.C else "session"
    told = await probe.take(event, userId=ada.email)
    assert told["capabilities"]["modelName"] == "Mentra Live"
    assert told["capabilities"]["hasCamera"] is True


async def test_the_sdk_learns_whether_the_glasses_have_wifi(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada, glasses=None)
    state = {"modelName": "Mentra Live", "status": "CONNECTED"}
    await phone.send("glasses_connection_state", **state, wifi={"connected": True, "ssid": "lab"})
    probe = await play.probe(family, ada, "button_press")
    await play.start(phone, ada, probe)
    await play.heard_a_button(phone, ada, probe)

    await probe.order("tell_wifi", userId=ada.email)
    known = await probe.take("wifi", connected=True, ssid="lab")
    if family is not Family.C:
        assert known["observed"] == {"connected": True, "ssid": "lab"}


async def test_two_users_of_one_app_do_not_meet(play: Play, family: Family) -> None:
    ada, bob = await play.stage.person(), await play.stage.person("bob")
    adas, bobs = await play.stage.phone(ada), await play.stage.phone(bob)
    probe = await play.probe(family, [ada, bob], "button_press")
    await play.start(adas, ada, probe)
    await play.start(bobs, bob, probe)
    await probe.subscribed(play.stage, ada, "button_press")
    await probe.subscribed(play.stage, bob, "button_press")

    await adas.send("button_press", buttonId="adas", pressType="short")
    await bobs.send("button_press", buttonId="bobs", pressType="short")

    await probe.take("data", userId=ada.email, data={"buttonId": "adas"})
    await probe.take("data", userId=bob.email, data={"buttonId": "bobs"})
    assert probe.count("data") == 2
