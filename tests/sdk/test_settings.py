"""What a person chooses reaches apps of each SDK: their own settings and those of the system (app-socket §8.3)."""

from typing import Any

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.support.rest import ask
from tests.support.stage import Person

SIZE = {"type": "slider", "key": "size", "label": "Size", "min": 1, "max": 9, "defaultValue": 5}
NICK = {"type": "text", "key": "nick", "label": "Nickname", "defaultValue": ""}
SYSTEM = "/api/client/user/settings"
G1 = "Even Realities G1"


async def known(probe: Probe, ada: Person) -> dict[str, Any]:
    """Return what the SDK knows now: `values`, `timezone`, `metric`."""
    await probe.order("tell_settings", userId=ada.email)
    told = await probe.take("settings")
    return {**told, "values": {entry["key"]: entry["value"] for entry in told["values"]}}


async def cast(play: Play, family: Family) -> tuple[Person, Any, Probe]:
    """Return Ada, who wears no glasses yet but usually a G1, her phone and her app, which runs."""
    ada, dora = await play.stage.person(), await play.stage.person("dora")
    probe = await play.probe(family, ada, "button_press", developer=dora)
    path = f"/api/console/apps/{probe.app.package_name}"
    assert (await ask(play.stage, dora, "PUT", path, {"settings": [SIZE, NICK]}))[0] == 200
    usual = {"settings": {"default_wearable": G1, "timezone": "Europe/Berlin"}}
    assert (await ask(play.stage, ada, "PUT", SYSTEM, usual))[0] == 200
    phone = await play.stage.phone(ada, glasses=None)
    await phone.send("start_app", packageName=probe.app.package_name)
    event = "connected" if family is Family.C else "session"
    assert (await probe.take(event, userId=ada.email))["capabilities"]["modelName"] == G1
    await probe.take("webhook", type="session_request", status=200)
    return ada, phone, probe


async def test_settings_reach_an_app_that_runs(play: Play, family: Family) -> None:
    ada, phone, probe = await cast(play, family)
    before = await known(probe, ada)
    assert (before["values"], before["timezone"]) == ({"size": 5, "nick": ""}, "Europe/Berlin")
    await probe.order("follow_settings", userId=ada.email, key="size", system="metricSystemEnabled")

    path = f"/appsettings/{probe.app.package_name}"
    assert (await ask(play.stage, ada, "POST", path, {"key": "size", "value": 7}))[0] == 200
    if family is Family.C:
        changed = await probe.take("settings_changed")
        assert {entry["key"]: entry["value"] for entry in changed["values"]} == {"size": 7, "nick": ""}
    else:
        await probe.take("settings_changed", changes={"size": {"oldValue": 5, "newValue": 7}})
        await probe.take("value_changed", key="size", value=7, previous=5)
    await play.heard_a_button(phone, ada, probe)
    after = await known(probe, ada)
    assert after["values"] == {"size": 7, "nick": ""}
    assert (after["timezone"], after["metric"]) == ("Europe/Berlin", False)

    told = {"settings": {"metric_system_enabled": True, "timezone": "Asia/Tokyo"}}
    assert (await ask(play.stage, ada, "PUT", SYSTEM, told))[0] == 200
    await phone.take("settings_update", settings={"metricSystemEnabled": True})
    if family is not Family.C:
        await probe.take("system_changed", key="metricSystemEnabled", value=True)
        await probe.order("fetch_settings", userId=ada.email)
        fetched = (await probe.take("fetched"))["values"]
        assert {entry["key"]: entry["value"] for entry in fetched} == {"size": 7, "nick": ""}
        assert probe.count("value_changed") == 1
    await play.heard_a_button(phone, ada, probe)
    last = await known(probe, ada)
    assert (last["timezone"], last["metric"]) == ("Asia/Tokyo", True)
