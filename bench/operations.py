"""What a node does besides relaying sound: phones connect, apps start, events and drawings pass, phones come back."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.measuring import Cost, Stopwatch
from bench.peers import App, AppServer, Phone
from bench.process import Clocked
from bench.seed import PACKAGES

AT_ONCE = 32
# Debounced messages, ordered writes and boot screens follow an operation; they belong to its cost.
AFTERMATH_SECONDS = 2.0
EVENTS_PER_SECOND = 1_000
DRAWINGS_PER_SECOND = 2.0
BATTERY = {"type": "glasses_battery_update", "level": 80, "charging": False}
GLASSES = {"type": "glasses_connection_state", "modelName": "Even Realities G1", "status": "CONNECTED"}


def package_of(phone_number: int) -> str:
    """Return which app the phone with this number runs: half of them each."""
    return PACKAGES[phone_number % len(PACKAGES)]


async def connect_phones(node: Clocked, phones: Sequence[Phone], idle: float) -> Cost:
    """Connect phones, 32 at a time; the latency is that until `connection_ack`."""
    return await _in_turn(node, idle, [phone.connect for phone in phones], AT_ONCE)


async def put_on_glasses(phones: Sequence[Phone]) -> None:
    """Let phones report their glasses, as they do after a connect."""
    for phone in phones:
        phone.send(GLASSES)
        phone.send(BATTERY)
    await asyncio.sleep(1)


async def start_apps(node: Clocked, crowd: "Crowd", idle: float) -> Cost:
    """Start each phone's app, 32 at a time; the latency is that from `start_app` to `app_started`."""
    return await _in_turn(
        node, idle, [partial(phone.start_app, package) for phone, package in crowd], AT_ONCE
    )


async def come_back(node: Clocked, phones: Sequence[Phone], idle: float) -> Cost:
    """Cut all phones off and let them come back together; the latency is that until `connection_ack`."""
    for phone in phones:
        phone.drop()
    await asyncio.sleep(0.2)
    return await _in_turn(node, idle, [phone.connect for phone in phones], len(phones))


async def limited(calls: Sequence[Callable[[], Awaitable[float]]], at_once: int) -> list[float]:
    """Carry out calls, never more than `at_once` at the same time; return their results in order."""
    gate = asyncio.Semaphore(at_once)

    async def one(call: Callable[[], Awaitable[float]]) -> float:
        async with gate:
            return await call()

    return await asyncio.gather(*(one(call) for call in calls))


async def _in_turn(
    node: Clocked, idle: float, calls: Sequence[Callable[[], Awaitable[float]]], at_once: int
) -> Cost:
    watch = Stopwatch(node, idle)
    latencies = await limited(calls, at_once)
    watch.lap()
    await asyncio.sleep(AFTERMATH_SECONDS)
    return watch.stop(len(calls), latencies)


@dataclass(frozen=True)
class Crowd:
    """Phones with an app each; `numbers` say which."""

    phones: Sequence[Phone]
    numbers: Sequence[int]
    apps: AppServer

    def __iter__(self) -> Iterator[tuple[Phone, str]]:
        """Yield each phone with the package of its app."""
        return zip(self.phones, map(package_of, self.numbers), strict=True)

    def first(self, number: int) -> "Crowd":
        """Return a part of the crowd."""
        return Crowd(self.phones[:number], self.numbers[:number], self.apps)

    def starts(self) -> list[Coroutine[Any, Any, float]]:
        """Return what starts each app."""
        return [phone.start_app(package) for phone, package in self]

    def running(self) -> list[App]:
        """Return the apps, which run."""
        return [self.apps.app_of(phone.user_id, package) for phone, package in self]

    def subscribe(self, *streams: str) -> None:
        """Let every app ask for the same streams."""
        for app in self.running():
            app.subscribe(*streams)


async def press_buttons(
    node: Clocked, crowd: Crowd, seconds: float, idle: float, per_second: float = EVENTS_PER_SECOND
) -> tuple[Cost, int]:
    """Press buttons evenly over all phones; return the cost per relayed event and the loss."""
    apps = crowd.running()
    for app in apps:
        app.event_latencies.clear()
    events = round(per_second * seconds)
    watch, due = Stopwatch(node, idle), time.monotonic()
    for event in range(events):
        due += 1 / per_second
        if due > time.monotonic():
            await asyncio.sleep(due - time.monotonic())
        crowd.phones[event % len(crowd.phones)].press_button()
    watch.lap()
    await asyncio.sleep(0.5)
    latencies = [latency for app in apps for latency in app.event_latencies]
    return watch.stop(len(latencies), latencies), events - len(latencies)


async def draw(node: Clocked, crowd: Crowd, seconds: float, idle: float) -> tuple[Cost, int]:
    """Let each app draw a new text twice a second; return the cost per drawing on the glasses and the loss."""
    for phone in crowd.phones:
        phone.drawn_at.clear()
    apps, drawings = crowd.running(), round(seconds * DRAWINGS_PER_SECOND)
    watch = Stopwatch(node, idle)
    sent = await asyncio.gather(
        *(_draw_evenly(app, place / len(apps), drawings) for place, app in enumerate(apps))
    )
    watch.lap()
    await asyncio.sleep(AFTERMATH_SECONDS)
    sent_at = {text: at for one in sent for text, at in one}
    latencies = [
        at - sent_at[text] for phone in crowd.phones for text, at in phone.drawn_at if text in sent_at
    ]
    return watch.stop(len(latencies), latencies), len(sent_at) - len(latencies)


async def _draw_evenly(app: App, phase: float, drawings: int) -> list[tuple[str, float]]:
    """Draw at an even pace; `phase` (0 to 1) keeps the apps apart. Returns what was drawn when."""
    interval = 1 / DRAWINGS_PER_SECOND
    due = time.monotonic() + phase * interval
    sent = []
    for drawing in range(drawings):
        await asyncio.sleep(due - time.monotonic())
        text = f"drawing {drawing} of {app.session_id}"
        sent.append((text, time.monotonic()))
        app.send(
            {"type": "display_event", "view": "main", "layout": {"layoutType": "text_wall", "text": text}}
        )
        due += interval
    return sent
