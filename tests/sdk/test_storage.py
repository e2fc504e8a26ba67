"""What apps store with the SDKs is theirs, stays, and comes back in the next session (rest §6)."""

import asyncio
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.sdk.packages import Family
from tests.sdk.play import Play
from tests.sdk.probe import Probe
from tests.support.stage import Person

# The SDKs write 3 s after the last change.
WRITTEN_SECONDS = 8
POLL_SECONDS = 0.2


async def stored(probe: Probe, person: Person) -> dict[str, str]:
    """Ask the cloud, with the app's key, what is stored."""
    url = f"{probe.cloud_url}/api/sdk/simple-storage/{quote(person.email)}"
    headers = {"Authorization": f"Bearer {probe.app.package_name}:{probe.app.api_key}"}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        said = await answer.json()
    assert answer.status == 200, said
    values: dict[str, str] = said["data"]
    return values


async def until_stored(probe: Probe, person: Person, **values: str) -> None:
    """Wait until exactly these values are stored."""
    async with asyncio.timeout(WRITTEN_SECONDS):
        while True:
            if await stored(probe, person) == values:
                return
            await asyncio.sleep(POLL_SECONDS)


async def told(probe: Probe, person: Person) -> Any:
    """Return what the SDK reads of the storage."""
    await probe.order("tell_stored", userId=person.email)
    return (await probe.take("stored", userId=person.email))["values"]


async def test_what_is_written_at_the_stop_is_read_in_the_next_session(play: Play, family: Family) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probe = await play.probe(family, ada)
    await play.start(phone, ada, probe)
    values = {"theme": "dark", "lists/größe 1?": '["👓", "ä"]', "empty": ""}
    assert await told(probe, ada) == {}
    await probe.order("store", userId=ada.email, values=values)
    assert await told(probe, ada) == values

    await phone.send("stop_app", packageName=probe.app.package_name)
    await probe.take("stop", reason="user_disabled")
    await phone.take("app_stopped", packageName=probe.app.package_name)
    await until_stored(probe, ada, **values)
    await probe.kill()
    await probe.start()

    await play.start(phone, ada, probe)
    assert await told(probe, ada) == values
    await probe.order("forget", userId=ada.email, key="lists/größe 1?")
    assert await stored(probe, ada) == {"theme": "dark", "empty": ""}
    await probe.order("forget_all", userId=ada.email)
    assert await stored(probe, ada) == {}
    assert not [line for line in probe.log if "rror" in line and "torage" in line]


async def test_batches_of_several_people_and_apps_do_not_mix(play: Play) -> None:
    people = [await play.stage.person("ada"), await play.stage.person("bob")]
    probes = [await play.probe(family, people) for family in (Family.A, Family.C)]
    wanted = {}
    for person in people:
        phone = await play.stage.phone(person)
        for probe in probes:
            await play.start(phone, person, probe)
            wanted[person, probe.family] = {"whose": f"{person.email} {probe.family}"}
            await probe.order("store", userId=person.email, values=wanted[person, probe.family])

    for person in people:
        for probe in probes:
            await until_stored(probe, person, **wanted[person, probe.family])
