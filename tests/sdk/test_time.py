"""`session.time` of SDK 3 reckons in the time zone of the user's settings (app-socket §8.3)."""

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.test_settings import SYSTEM
from tests.support.rest import ask
from tests.support.stage import Person
from tests.support.wire import RawPhone

NOON = "2026-01-02T12:00:00Z"


async def test_the_zone_is_that_of_the_user_and_changes_with_it(play: Play) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(Family.C, ada, "button_press")
    await choose(play, ada, phone, "Asia/Kolkata")
    await play.start(phone, ada, probe)
    await play.heard_a_button(phone, ada, probe)
    await probe.order("tell_time", userId=ada.email, moment=NOON)
    await probe.take("time", zone="Asia/Kolkata", clock="17:30", hours=17, minutes=30)

    await choose(play, ada, phone, "America/New_York")
    await play.heard_a_button(phone, ada, probe)
    await probe.order("tell_time", userId=ada.email, moment=NOON)
    await probe.take("time", zone="America/New_York", clock="07:00", hours=7, minutes=0)


async def choose(play: Play, ada: Person, phone: RawPhone, zone: str) -> None:
    """Set the user's time zone and wait until the session knows."""
    status, said = await ask(play.stage, ada, "PUT", SYSTEM, {"settings": {"timezone": zone}})
    assert status == 200, said
    await phone.take("settings_update")
