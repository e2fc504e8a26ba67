"""The network between an app server and the cloud fails for a moment: nothing is lost or started anew."""

from tests.sdk.packages import Family
from tests.sdk.play import Play


async def test_a_blip_is_mended_without_a_second_webhook(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "button_press", "head_position")
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "button_press", "head_position")
    await phone.take("display_event", packageName=probe.app.package_name)
    phone.inbox.forget()

    play.stage.cut_apps()
    await probe.take("disconnected", permanent=False)
    await play.stage.until_app(ada, probe.app.package_name, "grace_period")
    await probe.take("reconnected", userId=ada.email)
    entry = await play.stage.until_app(ada, probe.app.package_name, "running")
    await phone.send("button_press", buttonId="after", pressType="short")

    await probe.take("data", stream="button_press", data={"buttonId": "after"})
    assert sorted(entry["subscriptions"]) == ["button_press", "head_position"]
    assert probe.count("data") == 1
    assert probe.count("session") == 1
    assert probe.count("stop") == 0
    assert probe.count("webhook", type="session_request") == 1
    await phone.barrier()
    assert not phone.inbox.untaken(type="display_event", packageName="com.mentra.os")
    assert not phone.inbox.untaken(type="app_state_change")
    assert not phone.inbox.untaken(type="app_stopped")
    assert not phone.inbox.untaken(type="app_started")


async def test_two_blips_in_a_row_lose_nothing(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "button_press")
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "button_press")

    for _ in range(2):
        play.stage.cut_apps()
        await probe.take("disconnected")
        await probe.take("reconnected")
    await probe.subscribed(play.stage, ada, "button_press")
    await phone.send("button_press", buttonId="after", pressType="short")

    await probe.take("data", data={"buttonId": "after"})
    assert probe.count("webhook") == 1
