"""Telling the owners of many sessions at once, from a process that owns none.

Nobody waits for the outcome and nothing rests on it: an owner that cannot be reached is only logged.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from sessions_app.errors import OwnerUnreachable
from sessions_app.outbound.commands import AnyCommand
from sessions_app.outbound.node import Inbox, node_group
from sessions_app.outbound.owner import ASK_TIMEOUT_SECONDS
from sessions_app.outbound.redis import blocking_redis, key

logger = logging.getLogger(__name__)

AT_ONCE = 50
CLOSING = "node.closing"
"""What a node is told that takes no new sockets from now on, because all of its cloud is about to end."""


def tell_from_outside(owners: Mapping[str, str], command: AnyCommand) -> int:
    """Have the owner of each session carry out `command`; blocking. Returns how many answered.

    `owners` maps session ids to node ids.
    """
    answered: int = async_to_sync(_tell)(owners, command)
    return answered


def tell_nodes(messages: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Give nodes messages that nobody answers, in their order; blocking."""
    async_to_sync(_tell_nodes)(list(messages))


def announce_closing(node_ids: Iterable[str]) -> None:
    """Have nodes take no new sockets any more; blocking. One that is not reached goes on until it is stopped."""
    async_to_sync(_announce_closing)(list(node_ids))


async def _tell_nodes(messages: Iterable[tuple[str, dict[str, Any]]]) -> None:
    layer: Any = get_channel_layer()
    for node_id, message in messages:
        await layer.group_send(node_group(node_id), message)


async def _announce_closing(node_ids: list[str]) -> None:
    layer: Any = get_channel_layer()
    for node_id in node_ids:
        await layer.group_send(node_group(node_id), {"type": CLOSING})


def is_registered(node_id: str) -> bool:
    """Say whether a node has shown lately that it lives; blocking, raises RedisError when Redis is away."""
    return bool(blocking_redis().exists(key("node", node_id)))


async def _tell(owners: Mapping[str, str], command: AnyCommand) -> int:
    gate = asyncio.Semaphore(AT_ONCE)
    inbox = Inbox()
    await inbox.open()

    async def one(session_id: str, node_id: str) -> bool:
        async with gate:
            try:
                reply = await inbox.request(node_id, session_id, command, ASK_TIMEOUT_SECONDS)
            except OwnerUnreachable as error:
                logger.warning("%s was not told of %s: %s", session_id, type(command).__name__, error)
                return False
            return reply.ok

    try:
        return sum(await asyncio.gather(*(one(*owned) for owned in owners.items())))
    finally:
        await inbox.close()
