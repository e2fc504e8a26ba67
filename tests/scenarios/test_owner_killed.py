"""The owner of a session is killed (kill -9): the phone goes on at another node, and nothing is lost (architecture §2).

Three nodes. Apps were led to one of them each, so that some sockets die with the owner and some do not.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

import pytest
from redis.asyncio import Redis

from mentra_site.settings.data_folder import redis_socket
from tests.support.stage import GLASSES, POLL_SECONDS, Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

BACK_SECONDS = 2.0
APP_GRACE_SECONDS = 10
RESTART_SECONDS = 30
SOUND = ("audio_chunk", "button_press")
BUTTON = ("button_press",)
WHEREABOUTS = [{"stream": "location_stream", "rate": "high"}]


@pytest.fixture
async def stage(cluster_stage: Stage) -> AsyncIterator[Stage]:
    """A story on three nodes, all of which run again when it is over."""
    try:
        yield cluster_stage
    finally:
        await asyncio.gather(*(_until_up(cluster_stage, node) for node in range(cluster_stage.cloud.nodes)))


async def _until_up(stage: Stage, node: int) -> None:
    """Return once a node answers and shows itself to the others."""

    async def is_up() -> bool:
        registered = await _stored(stage, f"*:node:node-{node + 1}")
        return bool(registered) and await _answers(stage.cloud.port + node)

    await _until(is_up, RESTART_SECONDS)


async def _until(holds: Callable[[], Awaitable[bool]], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if await holds():
                return
            await asyncio.sleep(POLL_SECONDS)


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"GET /livez HTTP/1.0\r\n\r\n")
    try:
        return b" 200 " in await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()


async def _stored(stage: Stage, pattern: str) -> list[str]:
    """Return what Redis holds under the keys that match."""
    async with Redis(unix_socket_path=str(redis_socket(stage.cloud.data_dir))) as redis:
        names = [name async for name in redis.scan_iter(match=pattern)]
        values = [await redis.get(name) for name in names]
    return [value.decode() for value in values if isinstance(value, bytes)]


async def _until_kept(stage: Stage, text: str) -> None:
    """Return once the snapshot of some session holds `text`, which no other story uses."""

    async def is_kept() -> bool:
        return any(text in kept for kept in await _stored(stage, "*:session:*:snapshot"))

    await _until(is_kept, 8)


@dataclass
class Guest:
    """An app with its socket on a node of the test's choice."""

    app: RawMiniApp
    socket: RawApp
    streams: Sequence[str]

    @property
    def package_name(self) -> str:
        return self.app.package_name

    async def dials(self, stage: Stage, person: Person, node: int, *, as_c: bool) -> None:
        """Dial a node as the SDK does when its socket died, and introduce itself."""
        url = f"{stage.cloud.node_ws_url(node)}/app-ws"
        if as_c:
            self.socket = await self.app.dial_c(person, url)
            await self.socket.reconnect_c(self.app.session_id(person))
            return
        self.socket = await self.app.dial_a(url)
        await self.socket.init_a(self.app.session_id(person), self.package_name, self.app.record.api_key)

    async def is_back(self, *, as_c: bool) -> None:
        """Return once it has its seat, and with it what it had."""
        ack = await self.socket.take("reconnect_ack" if as_c else "tpa_connection_ack", 8)
        assert sorted(ack["subscriptions"]) == sorted(self.streams)
        assert ack["capabilities"]["modelName"] == GLASSES

    async def comes_back(self, stage: Stage, person: Person, node: int, *, as_c: bool) -> None:
        """Dial and return once it has its seat."""
        await self.dials(stage, person, node, as_c=as_c)
        await self.is_back(as_c=as_c)

    async def hears(self, phone: RawPhone, button: str) -> None:
        """Fail unless the next button press of the phone arrives."""
        await phone.send("button_press", buttonId=button, pressType="short")
        await self.socket.take("data_stream", streamType="button_press", data={"buttonId": button})

    def assert_not_called(self) -> None:
        """Fail when the app's server was called after the first start."""
        assert not self.app.server.webhooks.untaken(type="session_request")
        assert not self.app.server.webhooks.untaken(type="stop_request")


async def _guest(
    stage: Stage, person: Person, phone: RawPhone, node: int, *streams: str, as_c: bool = False
) -> Guest:
    """Start a new app whose socket is on a node, and subscribe it."""
    app = await stage.raw_app(person, permissions=["MICROPHONE", "LOCATION"])
    await phone.send("start_app", packageName=app.package_name)
    await app.invitation(person)
    url = f"{stage.cloud.node_ws_url(node)}/app-ws"
    if as_c:
        socket = await app.dial_c(person, url)
        await socket.init_c(app.package_name, app.record.api_key)
    else:
        socket = await app.dial_a(url)
        await socket.init_a(app.session_id(person), app.package_name, app.record.api_key)
    await socket.take("tpa_connection_ack")
    await phone.take("app_started", packageName=app.package_name)
    await socket.subscribe(*streams)
    await stage.until_subscribed(person, app.package_name, *streams)
    return Guest(app, socket, streams)


async def _back_at(stage: Stage, person: Person, node: int, text: str, *, hears: bool) -> RawPhone:
    """Dial a node as the phone does; return it once it was told everything, which must not take 2 s."""
    began = time.monotonic()
    phone = await stage.dial(person.token, node=node)
    await phone.take("connection_ack")
    await phone.take("display_event", view="main", layout={"text": text})
    told = await phone.take("microphone_state_change")
    took = time.monotonic() - began
    assert told["isMicrophoneEnabled"] is hears
    assert bool(told["requiredData"]) is hears
    assert took < BACK_SECONDS, f"the phone had to wait {took:.1f} s"
    return phone


async def _draw(stage: Stage, phone: RawPhone, guest: Guest, text: str) -> None:
    """Have an app draw, and wait until the cloud would still know it."""
    await guest.socket.send(
        "display_event", view="main", layout={"layoutType": "text_wall", "text": text}, forceDisplay=True
    )
    await phone.take("display_event", layout={"text": text})
    await _until_kept(stage, text)


async def _kill(stage: Stage, node: int) -> None:
    await asyncio.to_thread(stage.cloud.kill_node, node)


@pytest.mark.timeout(120)
async def test_a_session_outlives_two_owners_in_a_row(stage: Stage) -> None:
    ada = await stage.person()
    first = await stage.phone(ada, node=0)
    elsewhere = await _guest(stage, ada, first, 2, *SOUND)
    older = await _guest(stage, ada, first, 0, *BUTTON)
    newer = await _guest(stage, ada, first, 0, *BUTTON, as_c=True)
    helpless = await _guest(stage, ada, first, 0, *BUTTON)
    shown = f"drawn for {ada.email}"
    await _draw(stage, first, elsewhere, shown)

    await _kill(stage, 0)
    second = await _back_at(stage, ada, 1, shown, hears=True)

    lost_at = time.monotonic()
    await elsewhere.hears(second, "from the second")
    await older.comes_back(stage, ada, 2, as_c=False)
    await newer.comes_back(stage, ada, 1, as_c=True)
    for guest in (older, newer):
        await guest.hears(second, f"to {guest.package_name}")

    await _kill(stage, 1)
    third = await _back_at(stage, ada, 2, shown, hears=True)

    for guest in (elsewhere, older):
        await guest.hears(third, f"once more to {guest.package_name}")
    await newer.comes_back(stage, ada, 2, as_c=True)
    await newer.hears(third, "and to the last")
    for guest in (elsewhere, older, newer):
        guest.assert_not_called()
    invitation = await helpless.app.invitation(ada, APP_GRACE_SECONDS * 2)
    assert time.monotonic() - lost_at > APP_GRACE_SECONDS - BACK_SECONDS
    assert invitation["websocketUrl"] == f"{stage.cloud.node_ws_url(2)}/app-ws"
    await helpless.comes_back(stage, ada, 2, as_c=False)
    await helpless.hears(third, "after all")
    row = await stage.session(ada)
    assert row is not None
    assert (row["state"], row["owner"], row["generation"]) == ("ACTIVE", "node-3", 3)
    assert elsewhere.socket.is_open()
    assert not third.inbox.seen(type="app_stopped")


@pytest.mark.timeout(120)
async def test_apps_that_are_back_before_their_user_get_their_seats_when_the_phone_is_back(
    stage: Stage,
) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada, node=0)
    older = await _guest(stage, ada, phone, 0, *BUTTON)
    newer = await _guest(stage, ada, phone, 0, *BUTTON, as_c=True)
    where = await stage.raw_app(ada, permissions=["LOCATION"])
    await phone.send("start_app", packageName=where.package_name)
    await where.invitation(ada)
    tracker = await where.dial_a(f"{stage.cloud.node_ws_url(1)}/app-ws")
    await tracker.init_a(where.session_id(ada), where.package_name, where.record.api_key)
    await tracker.take("tpa_connection_ack")
    await tracker.subscribe(*WHEREABOUTS)
    await phone.take("set_location_tier", tier="high")
    await phone.send("glasses_battery_update", level=42, charging=False)
    shown = f"drawn for {ada.email}"
    await _draw(stage, phone, newer, shown)

    await _kill(stage, 0)
    await older.dials(stage, ada, 1, as_c=False)
    await newer.dials(stage, ada, 1, as_c=True)
    await newer.socket.send("ping")
    await newer.socket.take("pong")
    again = await _back_at(stage, ada, 2, shown, hears=False)

    await again.take("set_location_tier", tier="high")
    await older.is_back(as_c=False)
    await newer.is_back(as_c=True)
    for guest in (older, newer):
        await guest.hears(again, f"to {guest.package_name}")
        guest.assert_not_called()
    told = await older.socket.take("device_state_update", fullSnapshot=True)
    assert told["state"]["batteryLevel"] == 42
    await again.send("location_update", lat=52.5, lng=13.4)
    await tracker.take("data_stream", streamType="location_stream")
