"""An app server dies and is started again: the cloud calls it, with everything it had subscribed to."""

from tests.sdk.packages import Family
from tests.sdk.play import Play


async def test_a_killed_app_is_resurrected_with_its_subscriptions(quick_play: Play, family: Family) -> None:
    play = quick_play
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "button_press")
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "button_press")
    await phone.take("display_event", packageName=probe.app.package_name)
    phone.inbox.forget()

    await probe.kill()
    entry = await play.stage.until_app(ada, probe.app.package_name, "resurrecting")
    assert entry["subscriptions"] == ["button_press"]
    await probe.start()
    await probe.take("session", userId=ada.email)
    await play.stage.until_app(ada, probe.app.package_name, "running")
    await probe.subscribed(play.stage, ada, "button_press")
    await phone.send("button_press", buttonId="after", pressType="short")

    await probe.take("data", data={"buttonId": "after"})
    assert probe.count("session") == 2
    assert not phone.inbox.untaken(type="app_stopped")
    assert not phone.inbox.untaken(type="display_event", packageName="com.mentra.os")
