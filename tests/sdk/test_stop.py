"""A stop reaches the app exactly once, with its reason, and the app does not come back by itself."""

from tests.sdk.packages import Family
from tests.sdk.play import Play

# The SDKs try again after 1 s; a wrong stop shows within this time.
LONGER_THAN_A_RETRY_SECONDS = 1.5


async def test_a_stop_by_the_user_ends_the_app_exactly_once(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "button_press")
    await play.start(phone, ada, probe)

    await phone.send("stop_app", packageName=probe.app.package_name)

    await phone.take("app_stopped", packageName=probe.app.package_name)
    await probe.take("stop", reason="user_disabled")
    if family is Family.C:
        await probe.take("session_stopped", reason="user_disabled")
    await probe.events.none(LONGER_THAN_A_RETRY_SECONDS, event="reconnected")
    assert probe.count("stop") == 1
    assert probe.count("session_stopped") == (1 if family is Family.C else 0)
    assert probe.count("session") == 1
    assert probe.count("webhook", type="stop_request", status=200) == 1


async def test_a_stopped_app_can_be_started_again(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "button_press")
    await play.start(phone, ada, probe)
    await phone.send("stop_app", packageName=probe.app.package_name)
    await probe.take("stop", reason="user_disabled")
    await phone.take("app_stopped", packageName=probe.app.package_name)

    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "button_press")
    await phone.send("button_press", buttonId="main", pressType="short")

    await probe.take("data", data={"buttonId": "main"})
    assert probe.count("data") == 1


async def test_a_second_foreground_app_stops_the_first(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    first = await play.probe(family, ada, app_type="standard")
    second = await play.probe(family, ada, app_type="standard")
    await play.start(phone, ada, first)

    await play.start(phone, ada, second)

    await first.take("stop", reason="system_stop")
    if family is Family.C:
        await first.take("session_stopped", reason="system_stop")
    await phone.take("app_stopped", packageName=first.app.package_name)
    assert first.count("stop") == 1
    assert second.count("stop") == 0
