"""What a new owner should show at once: last display, device state, location. Kept in Redis, at most 1 write/s.

A convenience that may be lost with Redis; nothing waits for it and no decision rests on it. All sessions of a
process that changed are written together: a round trip each would cost as much as the drawing it keeps.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from redis.exceptions import RedisError

from sessions_app.clock import Clock, Timer
from sessions_app.outbound.redis import blocking_redis, key, redis_client

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
_KEEP_SECONDS = 3600
# Between two batches other work gets its turn.
_WRITTEN_AT_ONCE = 50
_encode = msgspec.json.Encoder().encode


class Snapshot:
    """Has `collect()` written within a second of a change."""

    def __init__(self, session_id: str, collect: Callable[[], dict[str, Any]], clock: Clock) -> None:
        self._key = key("session", session_id, "snapshot")
        self._collect = collect
        self._clock = clock

    def changed(self) -> None:
        """Note that something worth keeping changed."""
        _round().add(self, self._clock)

    async def save(self) -> None:
        """Write now; a Redis that is away is only logged."""
        self.close()
        await _write([self])

    def close(self) -> None:
        """Forget a pending write."""
        _round().discard(self)

    def entry(self) -> tuple[str, bytes]:
        """Return the key and the value to be stored under it."""
        return self._key, _encode(self._collect())


class _Round:
    """The snapshots to be written next."""

    def __init__(self) -> None:
        self._due: dict[Snapshot, None] = {}
        self._timer: Timer | None = None
        self._writing: asyncio.Task[None] | None = None

    def add(self, snapshot: Snapshot, clock: Clock) -> None:
        self._due[snapshot] = None
        if self._timer is None:
            self._timer = clock.call_later(_PAUSE_SECONDS, self._start)

    def discard(self, snapshot: Snapshot) -> None:
        self._due.pop(snapshot, None)

    def _start(self) -> None:
        due, self._due, self._timer = list(self._due), {}, None
        self._writing = asyncio.get_running_loop().create_task(_write(due))


_rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()


def _round() -> _Round:
    return _rounds.setdefault(asyncio.get_running_loop(), _Round())


async def _write(snapshots: Sequence[Snapshot]) -> None:
    for begin in range(0, len(snapshots), _WRITTEN_AT_ONCE):
        try:
            async with redis_client().pipeline(transaction=False) as pipeline:
                for snapshot in snapshots[begin : begin + _WRITTEN_AT_ONCE]:
                    name, value = snapshot.entry()
                    pipeline.set(name, value, ex=_KEEP_SECONDS)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            logger.warning("Snapshots of sessions were not kept: %s", error)
            return


async def load_snapshot(session_id: str) -> dict[str, Any]:
    """Return what the last owner kept, or nothing."""
    try:
        stored = await redis_client().get(key("session", session_id, "snapshot"))
    except (RedisError, OSError) as error:
        logger.warning("The snapshot of a session cannot be read: %s", error)
        return {}
    return json.loads(stored) if stored else {}


def drop_snapshot(session_id: str) -> None:
    """Remove what was kept of a session that ended; blocking, raises RedisError when Redis is away."""
    blocking_redis().delete(key("session", session_id, "snapshot"))
