"""Two nodes are one cloud: phones and apps may be on either, and either may die (architecture §2)."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.stage import Person, RawMiniApp, Stage, staged
from tests.support.wire import RawApp, RawPhone

TEXT = {"layoutType": "text_wall", "text": "from the other node"}
KEYS = ("button_press", "audio_chunk")


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[Cloud]:
    with Cloud(KNOWN_SECRET, server=SERVER, nodes=2) as running:
        yield running


@pytest.fixture
async def pair(two_nodes: Cloud) -> AsyncIterator[Stage]:
    async for made in staged(two_nodes):
        yield made


async def _running(stage: Stage, node: int) -> tuple[Person, RawPhone, RawMiniApp, RawApp]:
    """Return a person whose phone is on a node, with an app that hears buttons and sound."""
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada, node=node)
    socket = await stage.start_a(phone, ada, app)
    await socket.subscribe(*KEYS)
    await stage.until_subscribed(ada, app.package_name, *KEYS)
    return ada, phone, app, socket


async def _assert_connected(phone: RawPhone, app: RawMiniApp, socket: RawApp, word: str) -> None:
    """Events go from the phone to the app, drawings the other way, and nobody called the app's server."""
    await phone.send("button_press", buttonId=word, pressType="short")
    delivered = await socket.take("data_stream", streamType="button_press")
    assert delivered["data"]["buttonId"] == word
    layout = {**TEXT, "text": word}
    await socket.send("display_event", view="main", layout=layout, forceDisplay=True)
    await phone.take("display_event", packageName=app.package_name, layout=layout)
    assert not app.server.webhooks.untaken(type="session_request")


async def test_an_app_follows_its_user_to_another_node(pair: Stage) -> None:
    ada, first, app, socket = await _running(pair, 0)

    second = await pair.phone(ada, node=1)

    await first.closed()
    await second.take("app_state_change")
    await pair.until_app(ada, app.package_name, "running")
    await _assert_connected(second, app, socket, "moved")
    row = await pair.session(ada)
    assert row is not None
    assert (row["owner"], row["generation"]) == ("node-2", 2)


async def test_sound_reaches_an_app_on_another_node_byte_for_byte(pair: Stage) -> None:
    ada, _, app, socket = await _running(pair, 0)
    phone = await pair.phone(ada, node=1)
    await pair.until_app(ada, app.package_name, "running")
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)
    sent = [bytes([number, 255 - number] * 320) for number in range(50)]

    for frame in sent:
        await phone.send_raw(frame)

    assert await socket.take_bytes(sum(map(len, sent))) == b"".join(sent)


async def test_back_and_forth_ends_with_one_owner_and_all_subscriptions(pair: Stage) -> None:
    ada, phone, app, socket = await _running(pair, 0)

    for turn in range(1, 7):
        phone = await pair.phone(ada, node=turn % 2)

    await phone.take("app_state_change")
    await pair.until_app(ada, app.package_name, "running")
    await pair.until_subscribed(ada, app.package_name, *KEYS)
    await _assert_connected(phone, app, socket, "after all")


async def test_an_app_may_come_to_the_node_its_user_is_not_on(pair: Stage) -> None:
    ada = await pair.person()
    app = await pair.raw_app(ada)
    phone = await pair.phone(ada, node=0)
    await phone.send("start_app", packageName=app.package_name)
    await app.invitation(ada)

    socket = await app.dial_a(f"{pair.cloud.node_ws_url(1)}/app-ws")
    await socket.init_a(app.session_id(ada), app.package_name, app.record.api_key)

    await socket.take("tpa_connection_ack")
    await phone.take("app_started", packageName=app.package_name)
    await socket.subscribe("button_press")
    await pair.until_subscribed(ada, app.package_name, "button_press")
    await _assert_connected(phone, app, socket, "across")


async def test_a_wrong_key_is_refused_on_every_node(pair: Stage) -> None:
    ada, _, app, _ = await _running(pair, 0)
    socket = await app.dial_a(f"{pair.cloud.node_ws_url(1)}/app-ws")
    await socket.init_a(app.session_id(ada), app.package_name, "0" * 64)
    await socket.take("tpa_connection_error", code="INVALID_API_KEY")
    assert (await socket.closed()).code == 1008


async def test_a_parked_app_is_seated_when_its_user_comes_to_another_node(pair: Stage) -> None:
    ada = await pair.person()
    app = await pair.raw_app(ada)
    phone = await pair.phone(ada, node=0)
    socket = await pair.start_c(phone, ada, app)
    await socket.subscribe("button_press")
    await pair.until_subscribed(ada, app.package_name, "button_press")
    await phone.close()
    await socket.close()
    await asyncio.to_thread(pair.cloud.dispose_session, ada.email)

    parked = await app.dial_c(ada, f"{pair.cloud.node_ws_url(1)}/app-ws")
    await parked.reconnect_c(app.session_id(ada))
    await parked.take("reconnect_deferred", code="BOOTING")
    await pair.phone(ada, node=0)

    await parked.take("reconnect_ack")


async def test_when_the_owner_is_killed_an_app_on_the_other_node_keeps_its_socket(pair: Stage) -> None:
    ada, _, app, first = await _running(pair, 1)
    socket = await app.dial_a(f"{pair.cloud.node_ws_url(0)}/app-ws")
    await socket.init_a(app.session_id(ada), app.package_name, app.record.api_key)
    await socket.take("tpa_connection_ack")
    await first.closed()

    await asyncio.to_thread(pair.cloud.kill_node, 1)
    phone = await pair.phone(ada, node=0)

    await phone.take("app_state_change")
    await pair.until_app(ada, app.package_name, "running")
    await _assert_connected(phone, app, socket, "survived")
    await pair.until_subscribed(ada, app.package_name, *KEYS)
    await pair.redial(await pair.person("bob"), node=1)
