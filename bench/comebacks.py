"""Phones that lose their node and go on at another one: how long until they are served, and until events flow."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.client import Refused
from bench.peers import App, Phone

GIVE_UP_SECONDS = 30.0
# How long events that were sent may still be on their way when everybody is back.
SETTLE_SECONDS = 2.0
SETTLE_POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Comeback:
    """One phone's way back. Times are those of the steady clock, in seconds; None is what never came."""

    killed_at: float
    acked_at: float | None
    heard_at: float | None
    pressed: int
    delivered: int = 0

    @property
    def until_ack(self) -> float | None:
        """Seconds from the kill to `connection_ack`."""
        return None if self.acked_at is None else self.acked_at - self.killed_at

    @property
    def until_event(self) -> float | None:
        """Seconds from the kill to the first event at the app."""
        return None if self.heard_at is None else self.heard_at - self.killed_at

    @property
    def from_ack_to_event(self) -> float | None:
        """Seconds from `connection_ack` to the first event at the app."""
        if self.heard_at is None or self.acked_at is None:
            return None
        return self.heard_at - self.acked_at

    @property
    def missed(self) -> int:
        """Events sent after the ack that the app never got."""
        return self.pressed - self.delivered


@dataclass(frozen=True)
class Traveller:
    """A phone, its app, and the port of the node it turns to when it loses its own."""

    phone: Phone
    app: App
    port: int


async def come_back(
    travellers: Sequence[Traveller], killed_at: float, press_seconds: float
) -> list[Comeback]:
    """Have every phone reconnect as soon as it notices, then press a button until its app hears it.

    Between two presses pass `press_seconds`, the finest step in which the first event can be told.
    """
    returned = await asyncio.gather(*(_return(each, killed_at, press_seconds) for each in travellers))
    await _settle(travellers, returned)
    return [
        replace(comeback, delivered=len(traveller.app.event_latencies))
        for traveller, comeback in zip(travellers, returned, strict=True)
    ]


async def _return(traveller: Traveller, killed_at: float, press_seconds: float) -> Comeback:
    phone, app = traveller.phone, traveller.app
    app.event_latencies.clear()
    app.heard_event.clear()
    acked_at, heard_at, pressed = None, None, 0
    try:
        async with asyncio.timeout(GIVE_UP_SECONDS):
            await phone.lost.wait()
            await phone.connect(traveller.port)
            acked_at = time.monotonic()
            while not app.heard_event.is_set():
                phone.press_button()
                pressed += 1
                await _wait(app.heard_event, press_seconds)
            heard_at = time.monotonic()
    except (TimeoutError, Refused, OSError):
        pass
    return Comeback(killed_at, acked_at, heard_at, pressed)


async def _settle(travellers: Sequence[Traveller], returned: Sequence[Comeback]) -> None:
    """Wait until every event has arrived, or cannot be expected to any more."""
    pairs = list(zip(travellers, returned, strict=True))
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        if all(len(traveller.app.event_latencies) >= comeback.pressed for traveller, comeback in pairs):
            return
        await asyncio.sleep(SETTLE_POLL_SECONDS)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
