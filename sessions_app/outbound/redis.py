"""The Redis clients of this process, for the node register, the display snapshots and the worker's heartbeat."""

import asyncio
from functools import lru_cache
from weakref import WeakKeyDictionary

from django.conf import settings
from redis import Redis as BlockingRedis
from redis.asyncio import Redis

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()


def redis_client() -> Redis:
    """Return the client of the running loop; it connects on first use and fails fast when Redis is away."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = Redis.from_url(
            settings.REDIS_URL, socket_timeout=2.0, socket_connect_timeout=2.0, decode_responses=True
        )
    return _clients[loop]


@lru_cache(maxsize=1)
def blocking_redis() -> BlockingRedis:
    """Return the client for workers and commands, which have no loop; their threads may share it."""
    return BlockingRedis.from_url(
        settings.REDIS_URL, socket_timeout=2.0, socket_connect_timeout=2.0, decode_responses=True
    )


def key(*parts: str) -> str:
    """Return a key of this deployment, for example `mentra:session:…:snapshot`."""
    return ":".join((settings.REDIS_KEY_PREFIX, *parts))
