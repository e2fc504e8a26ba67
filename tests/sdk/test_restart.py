"""The node dies under a running session: `up` starts it again, and every app comes back.

SDK 2 gives up when the node is not there again after 3 s; the start webhook brings such an app back.
"""

import asyncio

from tests.sdk.packages import Family
from tests.sdk.play import Play


async def test_apps_of_every_family_survive_the_death_of_the_node(play: Play) -> None:
    ada = await play.stage.person()
    phone = await play.stage.phone(ada)
    probes = [await play.probe(family, ada, "button_press") for family in Family]
    for probe in probes:
        await play.start(phone, ada, probe)
        await probe.subscribed(play.stage, ada, "button_press")

    await asyncio.to_thread(play.stage.cloud.kill_nodes)
    await phone.closed()
    again = await play.stage.redial(ada)

    for probe in probes:
        await probe.back(30)
        await play.heard_a_button(again, ada, probe)
    assert not again.inbox.seen(type="app_stopped")
    assert not again.inbox.seen(type="display_event", packageName="com.mentra.os")
