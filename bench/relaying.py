"""Audio from phones to apps: frames at the pace of speech, timed inside the frame, counted at both ends."""

import asyncio
import os
import time
from dataclasses import dataclass, field
from statistics import median

from bench.client import ClientSocket, connect
from bench.measuring import Cost, Stopwatch, idle_share
from bench.process import Clocked

FRAME_BYTES = 640
FRAMES_PER_SECOND = 50
SESSIONS = 40
SETTLE_SECONDS = 0.25
_SOUND = os.urandom(FRAME_BYTES - 8)


@dataclass
class Lane:
    """One way from a phone to an app; `heard` collects the latency of each frame that arrived, in seconds."""

    phone: ClientSocket
    heard: list[float]


@dataclass
class Relay:
    """A relay under measurement: what carries it out, its lanes, and what the rounds so far have shown."""

    name: str
    process: Clocked
    lanes: list[Lane]
    idle: float | None = None
    sent: int = 0
    rounds: list[Cost] = field(default_factory=list)

    @property
    def heard(self) -> list[float]:
        """The latencies of all frames that arrived."""
        return [latency for cost in self.rounds for latency in cost.latencies]

    @property
    def lost(self) -> int:
        """Frames that were sent and did not arrive."""
        return self.sent - sum(cost.operations for cost in self.rounds)

    @property
    def cost(self) -> Cost:
        """The median of the rounds, with the latencies of all."""
        middle = median(cost.cpu_microseconds for cost in self.rounds)
        seconds = sum(cost.seconds for cost in self.rounds)
        return Cost(len(self.heard), middle, seconds, self.heard)

    def ratio(self, other: "Relay") -> float:
        """Return how many times the CPU of `other` a frame takes: the median of rounds that were neighbours."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(ours.cpu_microseconds / theirs.cpu_microseconds for ours, theirs in pairs)


async def open_bare_lanes(port: int, number: int, beside: int = 0) -> list[Lane]:
    """Connect phones and apps to the bare relay, besides those that are there."""
    lanes = []
    for each in range(beside, beside + number):
        heard: list[float] = []
        app = await connect(port, f"/app/{each}")
        app.on_bytes = (
            lambda frame, heard=heard: heard.append(  # type: ignore[misc]
                (time.monotonic_ns() - int.from_bytes(frame[:8], "big")) / 1e9
            )
        )
        lanes.append(Lane(await connect(port, f"/phone/{each}"), heard))
    return lanes


async def run_rounds(relays: list[Relay], rounds: int, seconds: float) -> None:
    """Measure the relays in turn, so that what else the machine does meets all of them."""
    unknown = [relay for relay in relays if relay.idle is None]
    shares = await asyncio.gather(*(idle_share(relay.process) for relay in unknown))
    for relay, share in zip(unknown, shares, strict=True):
        relay.idle = share
    for _ in range(rounds):
        for relay in relays:
            await run_round(relay, seconds)


async def run_round(relay: Relay, seconds: float) -> None:
    """Measure one relay for `seconds`, and add what it took to its rounds."""
    for lane in relay.lanes:
        lane.heard.clear()
    watch = Stopwatch(relay.process, relay.idle or 0.0)
    sent = await asyncio.gather(
        *(_speak(lane.phone, number / len(relay.lanes), seconds) for number, lane in enumerate(relay.lanes))
    )
    watch.lap()
    await asyncio.sleep(SETTLE_SECONDS)
    heard = [latency for lane in relay.lanes for latency in lane.heard]
    relay.sent += sum(sent)
    relay.rounds.append(watch.stop(len(heard), heard))


async def _speak(phone: ClientSocket, phase: float, seconds: float) -> int:
    """Send frames evenly for `seconds`; `phase` (0 to 1) keeps the phones apart. Returns how many."""
    interval = 1 / FRAMES_PER_SECOND
    due = time.monotonic() + phase * interval
    frames = round(seconds * FRAMES_PER_SECOND)
    for _ in range(frames):
        await asyncio.sleep(due - time.monotonic())
        phone.send_bytes(time.monotonic_ns().to_bytes(8, "big") + _SOUND)
        due += interval
    return frames
