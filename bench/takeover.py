"""Nodes are killed with SIGKILL: how long until the sessions they owned go on at another node."""

import asyncio
import random
import time
from collections.abc import Sequence

from bench import operations
from bench.cluster import FIRST, SECOND, THIRD, Cluster
from bench.comebacks import Comeback, Traveller, come_back
from bench.operations import Crowd
from bench.report import Line, Report

MOVED_AT_ONCE = 4
PRESS_SECONDS = 0.005
STORM_PRESS_SECONDS = 0.25
# A crash hits sessions in whatever they were doing; kills must not keep step with anything a node does at intervals.
LONGEST_PAUSE_SECONDS = 0.2


class TakeoverRun:
    """Kills nodes of a cluster; lines go to the report as they come."""

    def __init__(self, cluster: Cluster, server: str, report: Report) -> None:
        self._cluster = cluster
        self._server = server
        self._report = report

    async def measure_kills(self, numbers: range, kills: int) -> None:
        """Kill the owner of a few sessions again and again, their apps being on the third node.

        Two kills make a turn: the phones flee from the first node to the second, which makes the apps' links remote,
        and from there to the third, which makes them local. Then both dead nodes are started again.
        """
        crowd = await self._cluster.open_crowd(numbers, [THIRD], "button_press")
        elsewhere: list[Comeback] = []
        beside: list[Comeback] = []
        for _ in range(kills // 2):
            elsewhere += await self._kill(FIRST, crowd, [SECOND], PRESS_SECONDS)
            beside += await self._kill(SECOND, crowd, [THIRD], PRESS_SECONDS)
            await self._cluster.restart(FIRST, SECOND)
            await self._go_home(crowd)
        self._report.note(
            f"{self._server}: {kills // 2 * 2} kills of a node that owned {len(crowd.phones)} sessions,"
            f" {len(elsewhere) + len(beside)} samples; the app was on a surviving node"
        )
        self._add("takeover", elsewhere + beside)
        self._add_times("takeover, app elsewhere: to event", [each.until_event for each in elsewhere])
        self._add_times("takeover, app beside: to event", [each.until_event for each in beside])
        for phone in crowd.phones:
            phone.drop()

    async def measure_storm(self, numbers: range) -> None:
        """Kill the owner of many sessions; phones and apps are spread over the two nodes that survive."""
        # Two phones in a row have their apps on the same node: half of all end on their app's node, half do not.
        crowd = await self._cluster.open_crowd(numbers, [SECOND, SECOND, THIRD, THIRD], "button_press")
        await asyncio.sleep(operations.AFTERMATH_SECONDS)
        returned = await self._kill(FIRST, crowd, [SECOND, THIRD], STORM_PRESS_SECONDS)
        self._add(f"storm of {len(crowd.phones)}", returned)

    async def _kill(
        self, place: int, crowd: Crowd, goals: Sequence[int], press_seconds: float
    ) -> list[Comeback]:
        await asyncio.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))  # noqa: S311 - no secret
        ports = [self._cluster.ports[goal] for goal in goals]
        travellers = [
            Traveller(phone, app, ports[number % len(ports)])
            for number, (phone, app) in enumerate(zip(crowd.phones, crowd.running(), strict=True))
        ]
        killed_at = time.monotonic()
        self._cluster.nodes[place].kill()
        return await come_back(travellers, killed_at, press_seconds)

    async def _go_home(self, crowd: Crowd) -> None:
        """Bring the phones back to the first node, with their apps in tow."""
        for phone in crowd.phones:
            phone.drop()
        home = [
            Traveller(phone, app, self._cluster.ports[FIRST])
            for phone, app in zip(crowd.phones, crowd.running(), strict=True)
        ]
        await come_back(home, time.monotonic(), PRESS_SECONDS)

    def _add(self, what: str, returned: Sequence[Comeback]) -> None:
        self._add_times(f"{what}: kill to ack", [each.until_ack for each in returned])
        missed = sum(each.missed for each in returned)
        self._add_times(f"{what}: ack to event", [each.from_ack_to_event for each in returned], missed)
        self._add_times(f"{what}: kill to event", [each.until_event for each in returned])

    def _add_times(self, operation: str, times: Sequence[float | None], lost: int | None = None) -> None:
        self._report.add(Line.of_times(self._server, operation, times, lost=lost))
