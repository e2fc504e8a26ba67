"""Frames between two nodes: an app's socket on one, its user's session on the other.

One queue and one writer per other node keep the order. The way is the exception (app servers are led to the owner), so
bounds matter more than speed: sound that waits too long is dropped, and a socket whose texts pile up is closed. What
a message costs on this way hardly depends on its size, so frames that come close together travel together.
"""

import asyncio
import contextlib
import logging
import math
from collections import deque
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from sessions_app.outages import redis_outage
from sessions_app.outbound import metrics
from sessions_app.outbound.node import TOGETHER, node_group

logger = logging.getLogger(__name__)

MOST_WAITING = 2_000
MOST_WAITING_SOUND = 200
# A larger message would hold up the event loops at both ends.
MOST_TOGETHER_BYTES = 128 * 1024
# After a message others gather for a moment; a frame that comes alone never waits.
GATHER_SECONDS = 0.002


class NodeWire:
    """What this node sends to one other node, in order."""

    def __init__(self, node_id: str) -> None:
        self._group = node_group(node_id)
        self._waiting: deque[dict[str, Any]] = deque()
        self._writer: asyncio.Task[None] | None = None

    def send(self, message: dict[str, Any]) -> bool:
        """Queue a message without waiting; say whether there was room.

        There is none for sound when 200 messages wait, and none for text when 2,000 do: whoever sent it must close the
        socket it was for or from, so that the loss is noticed. What nodes say to each other always finds room.
        """
        if len(self._waiting) >= _limit_of(message):
            return False
        self._waiting.append(message)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write())
        return True

    def __len__(self) -> int:
        return len(self._waiting)

    async def flushed(self) -> None:
        """Return when all that was queued is on its way."""
        while self._writer is not None and not self._writer.done():
            await asyncio.wait((self._writer,))

    async def _write(self) -> None:
        layer: Any = get_channel_layer()
        while self._waiting:
            messages = self._take_together()
            together = messages[0] if len(messages) == 1 else {"type": TOGETHER, "messages": messages}
            try:
                await layer.group_send(self._group, together)
            except (RedisError, OSError) as problem:
                redis_outage.seen(problem)
            except Exception:
                logger.exception("Frames for another node were lost: %d", len(messages))
            await asyncio.sleep(GATHER_SECONDS)

    def _take_together(self) -> list[dict[str, Any]]:
        """Take the oldest messages off the queue, at least one, as many as fit into one of the layer's."""
        messages = [self._waiting.popleft()]
        size = _size_of(messages[0])
        while self._waiting and (size := size + _size_of(self._waiting[0])) <= MOST_TOGETHER_BYTES:
            messages.append(self._waiting.popleft())
        return messages


def _limit_of(message: dict[str, Any]) -> float:
    if "bytes" in message:
        return MOST_WAITING_SOUND
    return MOST_WAITING if "text" in message else math.inf


def _size_of(message: dict[str, Any]) -> int:
    """Return about how many bytes a message takes: those of the frame in it."""
    return len(message.get("bytes", b"")) + len(message.get("text", ""))


_wires: dict[str, NodeWire] = {}


def wire_to(node_id: str) -> NodeWire:
    """Return the way to another node."""
    return _wires.setdefault(node_id, NodeWire(node_id))


async def flush_wires(seconds: float) -> None:
    """Wait until everything queued for other nodes is on its way, but not longer than `seconds`."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(wire.flushed() for wire in _wires.values()))


metrics.watch("frames_for_nodes", lambda: sum(len(wire) for wire in _wires.values()))
