"""The Redis clients of this process, for the node register, the snapshots of sessions and signs of life."""

import asyncio
import time
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings
from redis import Redis as BlockingRedis
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import ConnectionError as RedisUnreachable
from redis.exceptions import RedisError, ResponseError

from sessions_app.outages import redis_outage

T = TypeVar("T")
# A Redis that takes longer than this to say nothing is not asked again for a while: a phone must not wait for each
# of several calls in turn.
_SLOW_SECONDS = 0.5
_PAUSE_SECONDS = 3.0
_CONNECTION: dict[str, Any] = {
    "socket_timeout": 2.0,
    "socket_connect_timeout": 2.0,
    "decode_responses": True,
}

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, "_PatientRedis"] = WeakKeyDictionary()


class _Breaker:
    """Spares callers the wait for a Redis that hangs: after one slow failure, one call in three seconds tries."""

    def __init__(self) -> None:
        self._closed_until = 0.0

    async def watch(self, call: Coroutine[Any, Any, T]) -> T:
        """Return what `call` returns; raises RedisError or OSError, at once during a pause."""
        began = time.monotonic()
        if began < self._closed_until:
            call.close()
            raise RedisUnreachable("no answer a moment ago")
        if self._closed_until:
            self._closed_until = began + _PAUSE_SECONDS
        try:
            answer = await call
        except ResponseError:
            raise
        except (RedisError, OSError) as problem:
            redis_outage.seen(problem)
            if not self._pause_after(began):
                self._closed_until = 0.0
            raise
        except asyncio.CancelledError:
            # Whoever waited lost patience before the socket did.
            if self._pause_after(began):
                redis_outage.seen("no answer in time")
            raise
        self._closed_until = 0.0
        redis_outage.over()
        return answer

    def _pause_after(self, began: float) -> bool:
        """Begin a pause when a call that began then took long; say whether it did."""
        now = time.monotonic()
        if now - began <= _SLOW_SECONDS:
            return False
        self._closed_until = now + _PAUSE_SECONDS
        return True


class _WatchedPipeline(Pipeline):
    breaker: _Breaker

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        return await self.breaker.watch(super().execute(raise_on_error))


class _PatientRedis(Redis):
    """Fails at once during the pauses of its breaker."""

    breaker: _Breaker

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        return await self.breaker.watch(super().execute_command(*args, **options))  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        made = _WatchedPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        made.breaker = self.breaker
        return made


def redis_client() -> Redis:
    """Return the client of the running loop; it connects on first use.

    Its calls raise RedisError or OSError within two seconds, and at once while Redis was found hanging a moment ago.
    """
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        pool = ConnectionPool.from_url(settings.REDIS_URL, **_CONNECTION)
        client = _clients[loop] = _PatientRedis(connection_pool=pool)
        client.breaker = _Breaker()
    return client


@lru_cache(maxsize=1)
def blocking_redis() -> BlockingRedis:
    """Return the client for workers and commands, which have no loop; their threads may share it."""
    return BlockingRedis.from_url(settings.REDIS_URL, **_CONNECTION)


def key(*parts: str) -> str:
    """Return a key of this deployment, for example `mentra:session:…:snapshot`."""
    return ":".join((settings.REDIS_KEY_PREFIX, *parts))
