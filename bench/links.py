"""What it costs that an app's socket is on another node than its user's session, beside one that is on the same."""

import asyncio
from dataclasses import dataclass

from bench import operations, relaying
from bench.cluster import FIRST, SECOND, Cluster
from bench.measuring import Cost, Stopwatch, idle_share
from bench.operations import Crowd
from bench.process import Clocked, Together
from bench.relaying import Lane, Relay
from bench.report import Line, Report

LANES = 10
EVENTS_PER_SECOND = 200.0
EVENT_ROUNDS = 3
EVENT_SECONDS = 1.0


@dataclass
class _Idle:
    """The CPU that nodes and Redis need while nothing passes, as shares of one."""

    nodes: float
    redis: float


class LinkRun:
    """Measures local and remote links in turn; the cost is that of both nodes together, that of Redis apart."""

    def __init__(self, cluster: Cluster, server: str, report: Report) -> None:
        self._cluster = cluster
        self._server = server
        self._report = report
        self._nodes: Clocked = Together(*(cluster.nodes[place] for place in (FIRST, SECOND)))
        self._redis: Clocked = cluster.redis

    async def measure(self, rounds: int, seconds: float) -> None:
        """Measure sound at 50 frames a second on each of 10 lanes, then 200 events a second."""
        streams = ("audio_chunk", "button_press")
        local = await self._cluster.open_crowd(range(LANES), [FIRST], *streams)
        remote = await self._cluster.open_crowd(range(LANES, 2 * LANES), [SECOND], *streams)
        await asyncio.sleep(operations.AFTERMATH_SECONDS)
        idle = _Idle(*await asyncio.gather(idle_share(self._nodes), idle_share(self._redis)))
        await self._compare_sound(local, remote, idle, rounds, seconds)
        await self._compare_events(local, remote, idle)
        for phone in (*local.phones, *remote.phones):
            phone.drop()

    async def _compare_sound(
        self, local: Crowd, remote: Crowd, idle: _Idle, rounds: int, seconds: float
    ) -> None:
        near, far = (
            Relay("link", self._nodes, _lanes_of(crowd), idle=idle.nodes) for crowd in (local, remote)
        )
        of_redis = []
        for _ in range(rounds):
            await relaying.run_round(near, seconds)
            watch = Stopwatch(self._redis, idle.redis)
            await relaying.run_round(far, seconds)
            of_redis.append(watch.stop(far.rounds[-1].operations))
        self._add("audio frame, local link", near.cost, near.lost)
        self._add("audio frame, remote link", far.cost, far.lost)
        self._add_redis("audio frame, remote link: Redis", of_redis)
        self._report.note(f"{self._server}: an audio frame, remote link : local link = {far.ratio(near):.1f}")

    async def _compare_events(self, local: Crowd, remote: Crowd, idle: _Idle) -> None:
        near, far, of_redis = Relay("", self._nodes, []), Relay("", self._nodes, []), []
        for _ in range(EVENT_ROUNDS):
            await self._press(near, local, idle)
            watch = Stopwatch(self._redis, idle.redis)
            await self._press(far, remote, idle)
            of_redis.append(watch.stop(far.rounds[-1].operations))
        self._add("event, local link", near.cost, near.lost)
        self._add("event, remote link", far.cost, far.lost)
        self._add_redis("event, remote link: Redis", of_redis)
        self._report.note(f"{self._server}: an event, remote link : local link = {far.ratio(near):.1f}")

    async def _press(self, relay: Relay, crowd: Crowd, idle: _Idle) -> None:
        cost, lost = await operations.press_buttons(
            self._nodes, crowd, EVENT_SECONDS, idle.nodes, EVENTS_PER_SECOND
        )
        relay.sent += cost.operations + lost
        relay.rounds.append(cost)

    def _add(self, operation: str, cost: Cost, lost: int) -> None:
        self._report.add(Line.of(self._server, operation, cost, lost=lost))

    def _add_redis(self, operation: str, rounds: list[Cost]) -> None:
        cost = Relay("", self._redis, [], rounds=rounds).cost
        self._report.add(Line(self._server, operation, cost.cpu_microseconds))


def _lanes_of(crowd: Crowd) -> list[Lane]:
    return [
        Lane(phone.socket, app.audio_latencies)
        for phone, app in zip(crowd.phones, crowd.running(), strict=True)
    ]
