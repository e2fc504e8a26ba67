"""Peers that stop reading: they lose their oldest sound, then their socket, and nobody else notices."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sessions_app.transport.backlog import MOST_AUDIO_BYTES, MOST_TEXT_BYTES
from tests.support.operators_view import scrape
from tests.support.stage import POLL_SECONDS, Person, RawMiniApp, Stage
from tests.support.wire import RawApp, RawPhone

PATIENCE_SECONDS = 30
FRAMES = 2_500
FRAME_BYTES = 640
PADDING = "x" * 4_000
CROWD = 12
# What server and transport keep for each socket besides the outbox, and what a busy process takes anyway.
BESIDES_BYTES = 256 * 1024
SLACK_BYTES = 48 * 1024 * 1024

DROPPED = 'mentra_dropped_audio_frames_total{kind="any"}'
TOO_SLOW = 'mentra_socket_closes_total{cause="slow",kind="any"}'
WAITING = 'mentra_in_memory{kind="outbox_bytes"}'


async def listener(stage: Stage, phone: RawPhone, person: Person) -> tuple[RawMiniApp, RawApp]:
    """Start one more app that hears sound and buttons; return it with its socket, which nothing lies in between."""
    app = await stage.raw_app(person, permissions=["ALL"])
    await phone.send("start_app", packageName=app.package_name)
    await app.invitation(person, PATIENCE_SECONDS)
    socket = await app.dial_c(person, f"{stage.cloud.ws_url}/app-ws")
    await socket.init_c(app.package_name, app.record.api_key)
    await socket.take("tpa_connection_ack", PATIENCE_SECONDS)
    await socket.subscribe("audio_chunk", "button_press")
    await stage.until_subscribed(person, app.package_name, "audio_chunk", "button_press")
    return app, socket


async def speak(phone: RawPhone, reader: RawApp) -> None:
    """Send numbered frames of sound at the pace of an app that reads, and ten numbered buttons among them."""
    for number in range(FRAMES):
        await phone.send_raw(number.to_bytes(2, "little") * (FRAME_BYTES // 2))
        if number % (FRAMES // 10) == 0:
            await phone.send("button_press", buttonId=f"{number // (FRAMES // 10)}", pressType="short")
        if number % 50 == 49:
            await reader.take_bytes((number + 1) * FRAME_BYTES, PATIENCE_SECONDS)


async def press(phone: RawPhone, times: int) -> None:
    """Send big numbered events, as fast as the cloud relays them."""
    for number in range(times):
        if number % 20 == 19:
            await phone.barrier()
        await phone.send("button_press", buttonId=f"{number}", pressType="short", padding=PADDING)


async def buttons(socket: RawApp, times: int) -> list[str]:
    """Return the ids of the buttons an app hears, in the order they come."""
    pressed = [
        await socket.take("data_stream", PATIENCE_SECONDS, streamType="button_press") for _ in range(times)
    ]
    return [event["data"]["buttonId"] for event in pressed]


def numbers(socket: RawApp) -> list[int]:
    """Return the numbers of the frames of sound an app has heard."""
    return [int.from_bytes(frame[:2], "little") for frame in socket.binary]


async def sample(stage: Stage, name: str) -> float:
    return (await asyncio.to_thread(scrape, stage.cloud)).get(name, 0.0)


async def until(what: str, holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await holds():
        assert time.monotonic() < deadline, f"not so within {PATIENCE_SECONDS} s: {what}"
        await asyncio.sleep(POLL_SECONDS)


def named(count: int) -> list[str]:
    return [str(number) for number in range(count)]


@pytest.mark.timeout(120)
async def test_an_app_that_stops_reading_misses_sound_and_no_message(stage: Stage) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada)
    _, slow = await listener(stage, phone, ada)
    _, quick = await listener(stage, phone, ada)
    await phone.take("microphone_state_change", PATIENCE_SECONDS, isMicrophoneEnabled=True)
    dropped = await sample(stage, DROPPED)

    slow.stop_reading()
    await speak(phone, quick)
    assert await buttons(quick, 10) == named(10)
    slow.start_reading()
    assert await buttons(slow, 10) == named(10)

    async def has_the_last() -> bool:
        return FRAMES - 1 in numbers(slow)

    await until("the slow app has heard the newest sound", has_the_last)
    assert numbers(quick) == list(range(FRAMES))
    heard = numbers(slow)
    assert heard == sorted(heard)
    assert len(heard) + await sample(stage, DROPPED) - dropped == FRAMES
    assert len(heard) < FRAMES


@pytest.mark.timeout(120)
async def test_an_app_that_lets_messages_pile_up_loses_its_socket_and_comes_back(stage: Stage) -> None:
    ada, bob = await stage.person(), await stage.person("bob")
    phone, other_phone = await stage.phone(ada), await stage.phone(bob)
    app, slow = await listener(stage, phone, ada)
    _, quick = await listener(stage, phone, ada)
    _, other = await listener(stage, other_phone, bob)
    closed_before = await sample(stage, TOO_SLOW)

    pressed = 0

    async def is_closed() -> bool:
        nonlocal pressed
        await asyncio.gather(press(phone, 20), press(other_phone, 20))
        pressed += 20
        return await sample(stage, TOO_SLOW) > closed_before

    slow.stop_reading()
    await until("the slow app was closed", is_closed)
    slow.start_reading()
    assert await slow.closed(PATIENCE_SECONDS) == (1013, "Connection too slow")
    assert await buttons(quick, pressed) == named(20) * (pressed // 20)
    assert await buttons(other, pressed) == named(20) * (pressed // 20)

    again = await app.dial_c(ada, f"{stage.cloud.ws_url}/app-ws")
    await again.reconnect_c(app.session_id(ada))
    ack = await again.take("reconnect_ack", PATIENCE_SECONDS)
    assert sorted(ack["subscriptions"]) == ["audio_chunk", "button_press"]
    await phone.send("button_press", buttonId="after", pressType="short")
    await again.take("data_stream", PATIENCE_SECONDS, data={"buttonId": "after"})
    assert quick.is_open()
    assert other.is_open()


@pytest.mark.timeout(180)
async def test_many_slow_apps_take_as_much_memory_as_their_bounds_say(stage: Stage) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada)
    crowd = [(await listener(stage, phone, ada))[1] for _ in range(CROWD)]
    _, quick = await listener(stage, phone, ada)
    await phone.take("microphone_state_change", PATIENCE_SECONDS, isMicrophoneEnabled=True)
    node = stage.cloud.node(0)
    before = node.memory_info().rss

    for socket in crowd:
        socket.stop_reading()
    await speak(phone, quick)
    await press(phone, 150)
    assert await buttons(quick, 160) == named(10) + named(150)
    grown = node.memory_info().rss - before
    assert await sample(stage, WAITING) > 0
    assert grown < CROWD * (MOST_TEXT_BYTES + MOST_AUDIO_BYTES + BESIDES_BYTES) + SLACK_BYTES

    for socket in crowd:
        socket.start_reading()
    for socket in crowd:
        assert await buttons(socket, 160) == named(10) + named(150)


@pytest.mark.timeout(120)
async def test_a_phone_that_stops_reading_gets_the_newest_display_and_not_all(stage: Stage) -> None:
    ada = await stage.person()
    phone = await stage.phone(ada)
    app = await stage.raw_app(ada)
    socket = await stage.start_c(phone, ada, app)
    drawn = 0

    async def draw(times: int = 1) -> None:
        nonlocal drawn
        for _ in range(times):
            drawn += 1
            text = f"{drawn} " + "x" * 100_000
            await socket.send("display_event", layout={"layoutType": "text_wall", "text": text})
            await asyncio.sleep(POLL_SECONDS)

    async def waits() -> bool:
        await draw()
        return await sample(stage, WAITING) > 0

    phone.stop_reading()
    await until("displays wait for the phone", waits)
    await draw(20)
    assert await sample(stage, WAITING) < 400_000
    phone.start_reading()

    def is_last(message: dict[str, Any]) -> bool:
        return str(message["layout"].get("text", "")).startswith(f"{drawn} ")

    async def shows_the_last() -> bool:
        return any(is_last(message) for message in phone.inbox.seen(type="display_event"))

    await until("the phone shows what was drawn last", shows_the_last)
    assert phone.is_open()
