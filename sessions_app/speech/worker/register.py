"""Shows this worker in Redis: where it is, what it can do and how busy it is."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

import msgspec
from redis.exceptions import RedisError

from sessions_app.outbound.redis import redis_client
from sessions_app.speech.register import entry_key
from sessions_app.speech.rules import WorkerFacts

logger = logging.getLogger(__name__)

TTL_SECONDS = 5
RENEW_SECONDS = 1.0


class Registration:
    """Renews the entry every second; while Redis is away the worker goes on unseen."""

    def __init__(self, worker_id: str, facts: Callable[[], WorkerFacts]) -> None:
        self._key = entry_key(worker_id)
        self._facts = facts

    async def run(self) -> None:
        """Keep the entry until cancelled."""
        while True:
            await self.renew()
            await asyncio.sleep(RENEW_SECONDS)

    async def renew(self) -> None:
        """Write the entry now. The client says once in the log when Redis does not take it."""
        with contextlib.suppress(RedisError, OSError):
            await redis_client().set(self._key, msgspec.json.encode(self._facts()), ex=TTL_SECONDS)

    async def leave(self) -> None:
        """Take the entry out."""
        with contextlib.suppress(RedisError, OSError):
            await redis_client().delete(self._key)
