"""After hundreds of sessions with every kind of end, two nodes hold what they held before the first one."""

import asyncio
import contextlib
import os
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER, SHORT_DEADLINES, forged_token
from tests.support.operators_view import RedisView, in_memory
from tests.support.stage import POLL_SECONDS, Person, RawMiniApp, Stage, staged
from tests.support.wire import RawApp, RawPhone

SESSIONS = 500
WITH_APP = 120
DISPOSED_BY_HAND = 10
AT_ONCE = 40
PATIENCE_SECONDS = 30
CLEAN_SECONDS = 90
SEED = int(os.environ.get("SEED", "20260102"))
SETTINGS = KNOWN_SECRET | SHORT_DEADLINES | {"SESSION_GRACE_SECONDS": "1", "APP_GRACE_SECONDS": "0.5"}
NODES = (0, 1)
# Names of what a job queue keeps for itself.
QUEUE_KEYS = ("mentra:_kombu", "mentra:unacked", "mentra:mentra-tasks")


@pytest.fixture(scope="module")
def pair() -> Iterator[Cloud]:
    """Two nodes of their own: what others do must not be counted."""
    with Cloud(SETTINGS, server=SERVER, nodes=len(NODES)) as running:
        yield running


class Life:
    """One session: a phone comes, things happen, and it ends in one of many ways."""

    def __init__(self, stage: Stage, number: int, person: Person, app: RawMiniApp | None) -> None:
        self.stage = stage
        self.person = person
        self.app = app
        self.chance = random.Random(f"{SEED} {number}")  # noqa: S311 - a story, no secret
        self.by_hand = number < DISPOSED_BY_HAND

    async def live(self) -> None:
        chance = self.chance
        early = await self._come_early() if self.app is not None and chance.random() < 0.2 else None
        phone = await self._connect()
        if self.app is not None:
            await self._run_app(phone, early)
        for _ in range(chance.randrange(3)):
            phone = await chance.choice((self._come_back, self._be_replaced, self._talk))(phone)
        if self.by_hand:
            await asyncio.to_thread(self.stage.cloud.dispose_session, self.person.email)
        await (phone.abort() if chance.random() < 0.5 else phone.close())

    async def _connect(self) -> RawPhone:
        phone = await self.stage.dial(self.person.token, node=self.chance.choice(NODES))
        await phone.take("connection_ack", PATIENCE_SECONDS)
        return phone

    async def _come_back(self, phone: RawPhone) -> RawPhone:
        await (phone.abort() if self.chance.random() < 0.5 else phone.close())
        return await self._connect()

    async def _be_replaced(self, phone: RawPhone) -> RawPhone:
        newer = await self._connect()
        await phone.closed(PATIENCE_SECONDS)
        return newer

    async def _talk(self, phone: RawPhone) -> RawPhone:
        await phone.send("glasses_connection_state", modelName="Even Realities G1", status="CONNECTED")
        for _ in range(3):
            await phone.send("button_press", buttonId="main", pressType="short")
        await phone.send_raw(bytes(640))
        await phone.send("ping")
        await phone.take("pong", PATIENCE_SECONDS)
        return phone

    async def _come_early(self) -> RawApp:
        """Let the app knock before its user is there; it is parked, held or refused."""
        socket = await self._dial_app()
        assert self.app is not None
        await socket.reconnect_c(self.app.session_id(self.person))
        return socket

    async def _dial_app(self) -> RawApp:
        assert self.app is not None
        url = f"{self.stage.cloud.node_ws_url(self.chance.choice(NODES))}/app-ws"
        return await self.app.dial_c(self.person, url)

    async def _run_app(self, phone: RawPhone, early: RawApp | None) -> None:
        assert self.app is not None
        package = self.app.package_name
        await phone.send("start_app", packageName=package)
        if early is None and self.chance.random() < 0.15:
            return  # the app never answers its webhook
        socket = early or await self._dial_app()
        await socket.init_c(package, self.app.record.api_key)
        with contextlib.suppress(AssertionError, ConnectionClosed):
            await socket.take("tpa_connection_ack", PATIENCE_SECONDS)
            await socket.subscribe("button_press", "audio_chunk", "location_update")
            await socket.send("display_event", layout={"layoutType": "text_wall", "text": "hello"})
            await socket.send("location_poll_request", correlationId="c1")
            await self.chance.choice((self._blip, self._crash, self._leave, self._stay, self._stopped))(
                phone, socket
            )

    async def _blip(self, _: RawPhone, socket: RawApp) -> None:
        await socket.abort()
        again = await self._dial_app()
        assert self.app is not None
        await again.reconnect_c(self.app.session_id(self.person))

    async def _crash(self, _: RawPhone, socket: RawApp) -> None:
        await socket.abort()

    async def _leave(self, _: RawPhone, socket: RawApp) -> None:
        await socket.send("ownership_release", reason="clean_shutdown")
        await socket.close()

    async def _stay(self, _: RawPhone, socket: RawApp) -> None:
        await socket.send("ping")
        await socket.take("pong", PATIENCE_SECONDS)

    async def _stopped(self, phone: RawPhone, socket: RawApp) -> None:
        assert self.app is not None
        await phone.send("stop_app", packageName=self.app.package_name)
        await socket.take("app_stopped", PATIENCE_SECONDS)


async def until(what: str, differs: Callable[[], Any], seconds: float) -> None:
    """Wait until `differs()` returns nothing; it says what is still not as it should be."""
    deadline = time.monotonic() + seconds
    while left := await asyncio.to_thread(differs):
        assert time.monotonic() < deadline, f"{what} after {seconds} s, seed {SEED}: {left}"
        await asyncio.sleep(POLL_SECONDS)


def grown(before: dict[str, int], look: Callable[[], dict[str, int]]) -> dict[str, int]:
    """Return what there is more of now than before."""
    return {kind: number for kind, number in look().items() if number > before.get(kind, 0)}


async def lead_lives(stage: Stage) -> None:
    """Lead every life, some at a time."""
    people = [
        Person(email, forged_token(email))
        for email in (f"life-{number}@example.com" for number in range(SESSIONS))
    ]
    app = await stage.raw_app(*people[:WITH_APP], permissions=["ALL"])
    gate = asyncio.Semaphore(AT_ONCE)

    async def lead(number: int) -> None:
        async with gate:
            await Life(stage, number, people[number], app if number < WITH_APP else None).live()

    order = random.Random(SEED).sample(range(SESSIONS), SESSIONS)  # noqa: S311 - as above
    await asyncio.gather(*(lead(number) for number in order))


@pytest.mark.timeout(400)
async def test_nothing_is_left_of_hundreds_of_sessions(pair: Cloud) -> None:
    redis = RedisView(pair)
    before = [in_memory(pair, node) for node in NODES]
    channels, keys = redis.channels(), redis.keys()
    async for stage in staged(pair):
        await lead_lives(stage)

    for node in NODES:
        held = partial(grown, before[node], partial(in_memory, pair, node))
        await until(f"node {node} still holds", held, CLEAN_SECONDS)
    await until("Redis still has the channels", partial(grown, channels, redis.channels), CLEAN_SECONDS)
    left = {name for name in redis.keys() - keys if not name.startswith(QUEUE_KEYS)}
    redis.close()
    assert not left
    states = [row["state"] for row in await asyncio.to_thread(pair.list_sessions, with_disposed=True)]
    assert len(states) >= SESSIONS
    assert set(states) == {"DISPOSED"}
