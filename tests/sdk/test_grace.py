"""The phone goes away: within the grace period nothing happens to the apps, after it they are told."""

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.support.stage import app_state


async def test_a_phone_that_comes_back_in_time_finds_its_app_untouched(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "button_press")
    await play.start(phone, ada, probe)
    await probe.subscribed(play.stage, ada, "button_press")

    await phone.abort()
    await play.stage.until_session(ada, "disconnected", lambda row: row["state"] == "DISCONNECTED")
    again = await play.stage.phone(ada)
    await again.send("button_press", buttonId="back", pressType="short")

    await probe.take("data", data={"buttonId": "back"})
    row = await play.stage.until_session(ada, "active again", lambda row: row["state"] == "ACTIVE")
    assert row["reconnects"] == 1
    assert probe.count("session") == 1
    assert probe.count("stop") == 0
    assert probe.count("webhook", type="session_request") == 1


async def test_after_the_grace_period_the_app_learns_that_the_session_ended(
    quick_play: Play, family: Family
) -> None:
    play = quick_play
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada)
    await play.start(phone, ada, probe)

    await phone.abort()

    await probe.take("stop", 12, reason="system_stop")
    if family is Family.C:
        await probe.take("session_stopped", reason="system_stop")
    row = await play.stage.until_session(ada, "disposed", lambda row: row["state"] == "DISPOSED")
    assert row["disposeReason"]
    assert app_state(row, probe.app.package_name) in (None, "stopped")
    assert probe.count("stop") == 1
    assert probe.count("session_stopped") == (1 if family is Family.C else 0)


async def test_an_app_whose_session_expired_comes_back_with_the_next_session(
    quick_play: Play, family: Family
) -> None:
    play = quick_play
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada, "button_press")
    await play.start(phone, ada, probe)
    await phone.abort()
    await probe.take("stop", 12)
    ended = await play.stage.until_session(ada, "disposed", lambda row: row["state"] == "DISPOSED")

    later = await play.stage.phone(ada)

    await probe.take("session", userId=ada.email)
    await later.take("app_started", packageName=probe.app.package_name)
    row = await play.stage.until_session(ada, "new and active", lambda row: row["state"] == "ACTIVE")
    assert row["id"] != ended["id"]
