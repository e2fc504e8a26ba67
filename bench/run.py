"""All measurements under one server, in an order in which none disturbs the next."""

import asyncio
from dataclasses import dataclass

from bench import links, operations, relaying
from bench.cluster import NODES
from bench.measuring import Cost, idle_share
from bench.operations import Crowd
from bench.process import Process
from bench.relaying import Lane, Relay
from bench.report import Line, Report
from bench.stage import Cloud, Stage
from bench.takeover import MOVED_AT_ONCE, TakeoverRun

PARTS = ("relay", "operations", "cluster")
STORM = 300
DRAWING = 100
# A node looks after its sessions every ten seconds: a span that is compared with another holds one such round.
UPKEEP_SECONDS = 10.0


@dataclass(frozen=True)
class Plan:
    """How much to measure: seconds of a round, rounds of each relay, sessions that only exist, and the cluster.

    `kills` are the kills of a node, `storm` the phones that come back at once after another one.
    """

    parts: frozenset[str]
    seconds: float
    rounds: int
    silent: int
    kills: int
    storm: int

    @property
    def users(self) -> int:
        """How many people it takes."""
        of_cluster = 2 * links.LANES + MOVED_AT_ONCE + self.storm
        return max(relaying.SESSIONS + self.silent, of_cluster)


class Run:
    """Measures one node, or a cluster; lines go to the report as they come."""

    def __init__(self, stage: Stage, server: str, plan: Plan, report: Report) -> None:
        self._stage = stage
        self._server = server
        self._plan = plan
        self._report = report

    async def measure(self) -> None:
        """Measure what a single node does."""
        if self._plan.parts <= {"cluster"}:
            return
        cloud = await self._stage.open_cloud(self._server)
        lanes = await open_lanes(cloud)
        if "relay" in self._plan.parts:
            await self._compare_relays(Relay("cloud", cloud.node, lanes))
        if "operations" in self._plan.parts:
            silent = cloud.phones[relaying.SESSIONS :][: self._plan.silent]
            crowd = Crowd(silent, range(len(silent)), cloud.apps)
            await self._fill(cloud.node, crowd)
            await self._measure_full(cloud.node, crowd, lanes)
        cloud.node.stop()
        await cloud.apps.close()

    async def measure_cluster(self) -> None:
        """Measure what several nodes do together."""
        cluster = await self._stage.open_cluster(self._server, NODES)
        await links.LinkRun(cluster, self._server, self._report).measure(
            self._plan.rounds, self._plan.seconds
        )
        takeover, after_links = TakeoverRun(cluster, self._server, self._report), 2 * links.LANES
        after_kills = after_links + MOVED_AT_ONCE
        await takeover.measure_kills(range(after_links, after_kills), self._plan.kills)
        await takeover.measure_storm(range(after_kills, after_kills + self._plan.storm))
        await cluster.close()

    async def _compare_relays(self, ours: Relay) -> None:
        """Measure the relay of sound beside the same relay without a cloud."""
        kinds = {self._server: "bare relay"}
        if self._server == "daphne":
            kinds["stock"] = "bare relay, stock Daphne"
        bare = [await self._open_bare(kind, name) for kind, name in kinds.items()]
        await relaying.run_rounds([ours, *bare], self._plan.rounds, self._plan.seconds)
        self._add("audio frame", ours.cost, ours.lost)
        for relay in bare:
            self._add(f"audio frame, {relay.name}", relay.cost, relay.lost)
        self._stage.close_yardsticks()
        self._report.add_ratio(self._server, ours.ratio(bare[0]))

    async def _open_bare(self, kind: str, name: str) -> Relay:
        process, port = await self._stage.open_yardstick(kind)
        lanes = await relaying.open_bare_lanes(port, relaying.SESSIONS)
        if kind == self._server:
            before = process.resident_bytes()
            await relaying.open_bare_lanes(port, self._plan.silent, beside=relaying.SESSIONS)
            self._add_memory("idle pair of sockets, bare relay", process, before)
        return Relay(name, process, lanes)

    async def _fill(self, node: Process, crowd: Crowd) -> None:
        """Connect everybody who keeps silent and start an app for each."""
        before, idle = node.resident_bytes(), await idle_share(node)
        self._add("connect to ack", await operations.connect_phones(node, crowd.phones, idle))
        await operations.put_on_glasses(crowd.phones)
        self._add("app start to ack", await operations.start_apps(node, crowd, idle))
        crowd.subscribe("transcription:en-US", "button_press")
        await asyncio.sleep(operations.AFTERMATH_SECONDS)
        self._add_memory("idle session with one app", node, before)

    async def _measure_full(self, node: Process, crowd: Crowd, lanes: list[Lane]) -> None:
        """Measure what passes through a node that holds many sessions."""
        idle = await idle_share(node, UPKEEP_SECONDS)
        idle_each = idle * 1e6 / (len(crowd.phones) + len(lanes))
        self._report.add(Line(self._server, "idle session with one app, a second", idle_each))
        relay = Relay("cloud", node, lanes, idle=idle)
        await relaying.run_rounds([relay], self._plan.rounds, self._plan.seconds)
        self._add(f"audio frame, {len(crowd.phones)} silent sessions", relay.cost, relay.lost)
        cost, lost = await operations.draw(node, crowd.first(DRAWING), UPKEEP_SECONDS / 2, idle)
        self._add("display", cost, lost)
        back = crowd.first(STORM).phones
        self._add(f"reconnect, {len(back)} at once", await operations.come_back(node, back, idle))
        cost, lost = await operations.press_buttons(node, crowd, UPKEEP_SECONDS, idle)
        self._add("event at 1,000/s", cost, lost)

    def _add(self, operation: str, cost: Cost, lost: int | None = None) -> None:
        self._report.add(Line.of(self._server, operation, cost, lost=lost))

    def _add_memory(self, operation: str, process: Process, before: int) -> None:
        each = (process.resident_bytes() - before) / 1024 / self._plan.silent
        self._report.add(Line(self._server, operation, each, "KB"))


async def open_lanes(cloud: Cloud, first: int = 0) -> list[Lane]:
    """Connect the phones that speak, from the user of this number on, and start the apps that listen."""
    phones = cloud.phones[first : first + relaying.SESSIONS]
    crowd = Crowd(phones, range(first, first + len(phones)), cloud.apps)
    await asyncio.gather(*(phone.connect() for phone in phones))
    await operations.put_on_glasses(phones)
    await asyncio.gather(*crowd.starts())
    crowd.subscribe("audio_chunk")
    await asyncio.sleep(operations.AFTERMATH_SECONDS)
    return [
        Lane(phone.socket, app.audio_latencies) for phone, app in zip(phones, crowd.running(), strict=True)
    ]
