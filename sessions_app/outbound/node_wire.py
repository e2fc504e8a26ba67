"""Frames between two nodes: an app's socket on one, its user's session on the other.

One queue and one writer per other node keep the order. The way is the exception (app servers are led to the owner), so
bounds matter more than speed: sound that waits too long is dropped, and a node that cannot be reached loses
its frames as a closed socket would.
"""

import asyncio
import logging
from collections import deque
from typing import Any

from channels.layers import get_channel_layer

from sessions_app.outbound import metrics
from sessions_app.outbound.node import node_group

logger = logging.getLogger(__name__)

MOST_WAITING = 2_000
MOST_WAITING_SOUND = 200


class NodeWire:
    """What this node sends to one other node, in order."""

    def __init__(self, node_id: str) -> None:
        self._group = node_group(node_id)
        self._waiting: deque[dict[str, Any]] = deque()
        self._writer: asyncio.Task[None] | None = None

    def send(self, message: dict[str, Any]) -> None:
        """Queue a message; never waits. Sound is dropped when 200 messages wait, anything when 2,000 do."""
        limit = MOST_WAITING_SOUND if "bytes" in message else MOST_WAITING
        if len(self._waiting) >= limit:
            metrics.dropped_audio_frames["node"] += 1
            return
        self._waiting.append(message)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        layer: Any = get_channel_layer()
        while self._waiting:
            message = self._waiting.popleft()
            try:
                await layer.group_send(self._group, message)
            except Exception:
                logger.exception("A frame for another node was lost")


_wires: dict[str, NodeWire] = {}


def wire_to(node_id: str) -> NodeWire:
    """Return the way to another node."""
    return _wires.setdefault(node_id, NodeWire(node_id))
