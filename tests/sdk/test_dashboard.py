"""The dashboard as the SDKs offer it: every family writes, the older ones hear of modes, one app may own it."""

from typing import Any

import aiohttp

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.support.cloud_fixtures import DASHBOARD_PACKAGE
from tests.support.stage import Person
from tests.support.wire import RawPhone

OWNER = {"SYSTEM_DASHBOARD_PACKAGE_NAME": DASHBOARD_PACKAGE}
STATUS = "◌ $DATE$, $TIME12$, $GBATT$"


async def until_seen(phone: RawPhone, **layout: Any) -> None:
    await phone.take("display_event", view="dashboard", layout=layout)


async def until_wall(phone: RawPhone, *lines: str) -> None:
    await until_seen(phone, layoutType="text_wall", text="\n".join([STATUS, *lines]))


async def call(probe: Probe, person: Person, name: str, *arguments: object) -> None:
    """Call a method of the SDK's dashboard."""
    await probe.order("dashboard", userId=person.email, call=name, arguments=arguments)


async def test_what_an_app_writes_is_seen_until_it_clears_it(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada)
    await play.start(phone, ada, probe)
    if family is Family.C:
        await call(probe, ada, "showText", ["3 tasks due", "1 late"])
        await until_wall(phone, "3 tasks due", "1 late")
        await call(probe, ada, "clear")
    else:
        await call(probe, ada, "write", "3 tasks due")
        await until_wall(phone, "3 tasks due")
        await call(probe, ada, "writeToExpanded", "unseen: the dashboard is not expanded")
        await call(probe, ada, "writeToMain", "2 tasks due")
        await until_wall(phone, "2 tasks due")
        await call(probe, ada, "write", "", ["main", "expanded"])
    await until_wall(phone)


async def test_the_system_app_fills_sections_and_older_apps_hear_of_modes_and_time(quick_play: Play) -> None:
    stage = quick_play.stage
    ada = await stage.person()
    phone = await stage.phone(ada)
    system = await quick_play.probe(Family.A, ada, package_name=DASHBOARD_PACKAGE, environment=OWNER)
    older = await quick_play.probe(Family.A, ada, "custom_message")
    newer = await quick_play.probe(Family.C, ada)
    for probe in (system, older, newer):
        await quick_play.start(phone, ada, probe)
    await call(older, ada, "writeToExpanded", "all the tasks")
    await call(newer, ada, "showText", "calm")
    await until_wall(phone, "calm")

    await system.order("fill", userId=ada.email, sections={"TopLeft": "$TIME12$", "TopRight": "$GBATT$"})
    await until_seen(phone, layoutType="double_text_wall", topText="$TIME12$", bottomText="$GBATT$\ncalm")
    await system.order("set_mode", userId=ada.email, mode="expanded")
    await phone.take("dashboard_mode_change", mode="expanded")
    await older.take("mode", userId=ada.email, mode="expanded")
    await until_seen(phone, layoutType="text_wall", text="$TIME12$ | $GBATT$\nall the tasks")

    time = {"datetime": "2026-01-02T03:04:05.678Z"}
    url = f"{stage.cloud.url}/api/user-data/set-datetime"
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, json={"coreToken": ada.token, **time}) as answer,
    ):
        assert await answer.json() == {"success": True, "userId": ada.email, **time}
    await older.take("data", userId=ada.email, data={**time, "section": "topLeft"})

    await phone.send("stop_app", packageName=DASHBOARD_PACKAGE)
    await older.take("mode", userId=ada.email, mode="main")
    await until_wall(phone, "calm")
