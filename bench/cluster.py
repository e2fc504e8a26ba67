"""Three nodes that are one cloud, the Redis between them, and everybody who talks to them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bench.operations import AT_ONCE, Crowd, limited, package_of, put_on_glasses
from bench.peers import AppServer, Phone
from bench.process import Process, RunningProcess

NODES = 3
FIRST, SECOND, THIRD = range(NODES)


@dataclass
class Cluster:
    """Started nodes, each with the port of the same place in `ports`; phones that are not connected yet."""

    nodes: list[Process]
    ports: list[int]
    redis: RunningProcess
    phones: list[Phone]
    apps: AppServer

    async def open_crowd(self, numbers: range, app_nodes: Sequence[int], *streams: str) -> Crowd:
        """Connect phones to the first node and start their apps, whose sockets are spread over `app_nodes`."""
        phones = [self.phones[number] for number in numbers]
        for place, phone in enumerate(phones):
            self.apps.ports[phone.user_id] = self.ports[app_nodes[place % len(app_nodes)]]
        await limited([partial(phone.connect, self.ports[FIRST]) for phone in phones], AT_ONCE)
        await put_on_glasses(phones)
        await limited(
            [
                partial(phone.start_app, package_of(number))
                for phone, number in zip(phones, numbers, strict=True)
            ],
            AT_ONCE,
        )
        crowd = Crowd(phones, numbers, self.apps)
        crowd.subscribe(*streams)
        return crowd

    async def restart(self, *places: int) -> None:
        """Start killed nodes again, at the same time."""
        for place in places:
            self.nodes[place].stop()
        await asyncio.gather(*(self.nodes[place].start(self.ports[place]) for place in places))

    async def close(self) -> None:
        """Stop the nodes and the app server."""
        for node in self.nodes:
            node.stop()
        await self.apps.close()
