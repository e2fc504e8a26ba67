"""A phone that reconnects all the time, to any node, loses nothing (lifecycle §1.4, P-6, P-23, P-26)."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

import pytest

from tests.support.stage import POLL_SECONDS, Person, RawMiniApp, Stage, app_state
from tests.support.wire import Closed, RawApp, RawPhone

NODES = 3
RECONNECTS = 50
PACE_SECONDS = 0.2
PATIENCE_SECONDS = 20.0
KEYS = ("button_press", "audio_chunk")
REPLACED = Closed(1000, "Replaced by new connection")


@dataclass
class Story:
    """One user in the storm: phones one after the other, an app with one or more sockets, and what was heard."""

    stage: Stage
    person: Person
    app: RawMiniApp
    family: str
    random: Random
    phones: list[RawPhone] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)

    @property
    def phone(self) -> RawPhone:
        return self.phones[-1]

    @property
    def socket(self) -> RawApp:
        return self.app.opened[-1]

    @property
    def heard(self) -> list[list[str]]:
        """Return, for each socket the app had, the buttons that came over it, in order."""
        return [
            [event["data"]["buttonId"] for event in socket.inbox.seen(streamType="button_press")]
            for socket in self.app.opened
        ]

    @property
    def was_broken(self) -> bool:
        """Whether a socket of the app ended although no newer one took its place."""
        ends = {socket.connection.close_code for socket in self.app.opened if not socket.is_open()}
        return not ends <= {REPLACED.code}

    async def reconnect_phone(self, turn: int) -> None:
        """Connect to some node, half the time after the last socket broke, and press a confirmed button."""
        if self.random.random() < 0.5:
            await self.phone.abort()
        phone = await self.stage.dial(self.person.token, node=self.random.randrange(NODES))
        self.phones.append(phone)
        await phone.take("connection_ack", PATIENCE_SECONDS)
        for press in ("down", "up"):
            button = f"{turn} {press}"
            await phone.send("button_press", buttonId=button, pressType="short")
            self.pressed.append(button)
        await phone.send("ping")
        await phone.take("pong", PATIENCE_SECONDS)

    async def come_again(self, *, lost: bool) -> None:
        """Open another socket of the app as its SDK does after a blip; with `lost`, after the last one broke."""
        if lost:
            await self.socket.abort()
        url = f"{self.stage.cloud.node_ws_url(self.random.randrange(NODES))}/app-ws"
        while True:
            if self.family == "A":
                socket, ack = await self.app.dial_a(url), "tpa_connection_ack"
                await socket.init_a(
                    self.app.session_id(self.person), self.app.package_name, self.app.record.api_key
                )
            else:
                socket, ack = await self.app.dial_c(self.person, url), "reconnect_ack"
                await socket.reconnect_c(self.app.session_id(self.person))
            with contextlib.suppress(AssertionError):
                await socket.take(ack, PATIENCE_SECONDS)
                return


async def _begin(stage: Stage, family: str, seed: int) -> Story:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada)
    start = stage.start_a if family == "A" else stage.start_c
    socket = await start(phone, ada, app)
    story = Story(stage, ada, app, family, Random(seed), [phone])  # noqa: S311 - a storm that can be repeated
    await socket.subscribe(*KEYS)
    await stage.until_subscribed(ada, app.package_name, *KEYS)
    return story


async def _storm(story: Story, blip: Callable[[], Awaitable[None]] | None) -> None:
    over = asyncio.Event()

    async def blipping() -> None:
        while blip is not None and not over.is_set():
            await blip()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 3 * PACE_SECONDS)

    blips, began = asyncio.create_task(blipping()), time.monotonic()
    for turn in range(RECONNECTS):
        await story.reconnect_phone(turn)
        await asyncio.sleep(max(0.0, began + turn * PACE_SECONDS - time.monotonic()))
    over.set()
    await blips


async def _until_running(story: Story) -> None:
    """Return once the app runs; meanwhile it comes again as its SDK does after every close but those of a stop."""
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        while True:
            if not story.socket.is_open():
                await story.come_again(lost=False)
            row = await story.stage.session(story.person)
            if row is not None and app_state(row, story.app.package_name) == "running":
                return
            await asyncio.sleep(POLL_SECONDS)


async def _check_aftermath(story: Story) -> None:
    stage, person, app = story.stage, story.person, story.app
    await _until_running(story)
    await stage.until_subscribed(person, app.package_name, *KEYS)
    told = await story.phone.take("microphone_state_change", PATIENCE_SECONDS)
    assert (told["isMicrophoneEnabled"], told["requiredData"]) == (True, ["pcm"])
    await story.phone.send("button_press", buttonId="after all", pressType="short")
    await story.socket.take("data_stream", PATIENCE_SECONDS, data={"buttonId": "after all"})
    layout = {"layoutType": "text_wall", "text": "after all"}
    await story.socket.send("display_event", view="main", layout=layout, forceDisplay=True)
    await story.phone.take("display_event", PATIENCE_SECONDS, packageName=app.package_name, layout=layout)
    rows = await asyncio.to_thread(stage.cloud.list_sessions, person.email, with_disposed=True)
    assert [(row["state"], row["generation"], row["reconnects"]) for row in rows] == [
        ("ACTIVE", RECONNECTS + 1, RECONNECTS)
    ]
    if not story.was_broken:  # one that could not come back within its grace period is called
        assert not app.server.webhooks.untaken(type="session_request")
    assert not app.server.webhooks.seen(type="stop_request")
    for phone in story.phones[1:]:
        assert not phone.inbox.seen(type="microphone_state_change", isMicrophoneEnabled=False)
        assert not phone.inbox.seen(type="app_stopped")
    for socket in app.opened:
        assert not socket.inbox.seen(type="app_stopped")


def _check_order(story: Story) -> None:
    """Nothing twice, and on each socket of the app in the order of the presses."""
    place = {button: number for number, button in enumerate([*story.pressed, "after all"])}
    for buttons in story.heard:
        assert sorted(buttons, key=place.__getitem__) == buttons
    every = [button for buttons in story.heard for button in buttons]
    assert len(every) == len(set(every))


@pytest.mark.timeout(150)
async def test_fifty_reconnects_over_three_nodes_lose_nothing(cluster_stage: Stage) -> None:
    """Four users at once: apps of both families that stay, one that changes its socket, one whose socket breaks."""
    stories = [await _begin(cluster_stage, family, seed) for seed, family in enumerate("ACAC")]
    quiet_a, quiet_c, changing, breaking = stories

    await asyncio.gather(
        _storm(quiet_a, None),
        _storm(quiet_c, None),
        _storm(changing, lambda: changing.come_again(lost=False)),
        _storm(breaking, lambda: breaking.come_again(lost=True)),
    )

    for story in stories:
        await _check_aftermath(story)
        _check_order(story)
    for story in (quiet_a, quiet_c, changing):
        if story.was_broken:
            continue  # what was on its way into that socket is lost with it
        heard = {button for buttons in story.heard for button in buttons}
        assert [button for button in story.pressed if button not in heard] == []


async def test_of_two_phones_on_two_nodes_the_newest_wins(cluster_stage: Stage) -> None:
    ada = await cluster_stage.person()
    app = await cluster_stage.raw_app(ada)
    first = await cluster_stage.phone(ada, node=0)
    socket = await cluster_stage.start_a(first, ada, app)
    await socket.subscribe("button_press")
    await cluster_stage.until_subscribed(ada, app.package_name, "button_press")

    second = await cluster_stage.phone(ada, node=1)

    assert await first.closed(PATIENCE_SECONDS) == REPLACED
    await second.send("button_press", buttonId="second", pressType="short")
    await socket.take("data_stream", PATIENCE_SECONDS, data={"buttonId": "second"})
    row = await cluster_stage.until_session(ada, "active", lambda row: row["state"] == "ACTIVE")
    assert (row["owner"], row["generation"], row["disconnectedAt"]) == ("node-2", 2, None)
    assert second.is_open()
