"""What a new owner should show at once: last display, device state, location. Kept in Redis, at most 1 write/s.

The first change after a quiet second is written at once, what follows within a second of that together at its end.
So a process that dies loses a change only when it came within a second after another one of the same session.

A convenience that may be lost with Redis; nothing waits for it and no decision rests on it. Sessions of a process
that change at about the same time are written together: a round trip each would cost as much as the drawing it keeps.
"""

import asyncio
import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from redis.exceptions import RedisError

from sessions_app.clock import Clock, Timer
from sessions_app.outbound import metrics
from sessions_app.outbound.redis import blocking_redis, key, redis_client

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
_GATHER_SECONDS = 0.05
_LONG_AGO = float("-inf")
_KEEP_SECONDS = 3600
# A session in which nothing changes for hours must not outlive what is kept of it.
_RENEW_SECONDS = _KEEP_SECONDS / 4
# Between two batches other work gets its turn.
_WRITTEN_AT_ONCE = 50
_encode = msgspec.json.Encoder().encode


class Snapshot:
    """Has `collect()` written soon after a change, at most once a second."""

    def __init__(self, session_id: str, collect: Callable[[], dict[str, Any]], clock: Clock) -> None:
        self._key = key("session", session_id, "snapshot")
        self._collect = collect
        self._clock = clock
        self._written_at = _LONG_AGO

    def changed(self) -> None:
        """Note that something worth keeping changed."""
        may_be_at = max(self._clock.monotonic(), self._written_at + _PAUSE_SECONDS)
        _round().add(self, math.ceil(may_be_at / _GATHER_SECONDS), self._clock)

    def renew(self) -> None:
        """Keep what was written from expiring, and try again what could not be; to be called now and then."""
        if self._clock.monotonic() - self._written_at > _RENEW_SECONDS:
            self.changed()

    def missed(self) -> None:
        """Note that the last write failed, or was lost."""
        self._written_at = _LONG_AGO

    def close(self) -> None:
        """Forget a pending write."""
        _round().discard(self)

    def entry(self) -> tuple[str, bytes]:
        """Return the key and the value to be stored under it; it counts as written from now on."""
        self._written_at = self._clock.monotonic()
        return self._key, _encode(self._collect())


class _Round:
    """The snapshots to be written next, each with its turn: the clock ticks every 50 ms."""

    def __init__(self) -> None:
        self._turns: dict[Snapshot, int] = {}
        self._timer: Timer | None = None
        self._next_turn = 0
        self._writing: asyncio.Task[None] | None = None

    def add(self, snapshot: Snapshot, turn: int, clock: Clock) -> None:
        if self._turns.setdefault(snapshot, turn) == turn:
            self._arm(turn, clock)

    def __len__(self) -> int:
        return len(self._turns)

    def discard(self, snapshot: Snapshot) -> None:
        self._turns.pop(snapshot, None)

    def _arm(self, turn: int, clock: Clock) -> None:
        if self._timer is not None:
            if self._next_turn <= turn:
                return
            self._timer.cancel()
        self._next_turn = turn
        self._timer = clock.call_later(turn * _GATHER_SECONDS - clock.monotonic(), lambda: self._take(clock))

    def _take(self, clock: Clock) -> None:
        self._timer = None
        due = [snapshot for snapshot, turn in self._turns.items() if turn <= self._next_turn]
        for snapshot in due:
            del self._turns[snapshot]
        if self._turns:
            self._arm(min(self._turns.values()), clock)
        if due:
            self._writing = asyncio.get_running_loop().create_task(_write(due))

    async def written(self) -> None:
        """Return when nothing older is on its way any more."""
        if self._writing is not None:
            await asyncio.wait((self._writing,))


_rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()


metrics.watch("unsaved_snapshots", lambda: sum(len(each) for each in _rounds.values()))


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
            logger.debug("Snapshots of sessions were not kept: %s", error)
            for snapshot in snapshots[begin:]:
                snapshot.missed()
            return


async def keep_last(states: Mapping[str, dict[str, Any]]) -> None:
    """Write the last state of sessions that leave this process, after anything older that is on its way.

    `states` are by session id; `load_snapshot` returns them as they are here.
    """
    await _round().written()
    entries = [
        (key("session", session_id, "snapshot"), _encode(state)) for session_id, state in states.items()
    ]
    for begin in range(0, len(entries), _WRITTEN_AT_ONCE):
        try:
            async with redis_client().pipeline(transaction=False) as pipeline:
                for name, value in entries[begin : begin + _WRITTEN_AT_ONCE]:
                    pipeline.set(name, value, ex=_KEEP_SECONDS)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            logger.warning("The last snapshots of sessions were not kept: %s", error)
            return


async def load_snapshot(session_id: str) -> dict[str, Any]:
    """Return what the last owner kept, or nothing."""
    try:
        stored = await redis_client().get(key("session", session_id, "snapshot"))
    except (RedisError, OSError) as error:
        logger.info("The snapshot of a session cannot be read: %s", error)
        return {}
    return json.loads(stored) if stored else {}


def drop_snapshot(session_id: str) -> None:
    """Remove what was kept of a session that ended; blocking, raises RedisError when Redis is away."""
    blocking_redis().delete(key("session", session_id, "snapshot"))


def read_snapshot(session_id: str) -> dict[str, Any]:
    """The same for threads without a loop; blocking."""
    try:
        stored: Any = blocking_redis().get(key("session", session_id, "snapshot"))
    except (RedisError, OSError) as error:
        logger.info("The snapshot of a session cannot be read: %s", error)
        return {}
    return json.loads(stored) if stored else {}
