"""Which nodes there are: each shows itself in Redis and sees the others there (architecture §2)."""

import contextlib
import json

from django.conf import settings
from redis.exceptions import RedisError

from sessions_app.clock import Clock
from sessions_app.outbound.node_facts import node_facts
from sessions_app.outbound.redis import key, redis_client

TTL_SECONDS = 15
# A register that was lost with Redis fills again with the next beat of each node.
MISSED_SECONDS = 12.0


class NodeRegister:
    """This node's view of the register; renewed by `enter`, which every heartbeat calls."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen_at: dict[str, float] = {}
        self._entered_at = float("-inf")
        self._began_at = clock.monotonic()

    async def enter(self, sessions: int, *, draining: bool = False) -> bool:
        """Show that this node lives, and how it is, and look who else does; with Redis away the last view stays.

        Returns true when Redis has forgotten what it was told a moment ago: it was started anew, empty.
        """
        entry = json.dumps({**node_facts.look(draining=draining), "sessions": sessions})
        prefix = key("node", "")
        try:
            found = [name async for name in redis_client().scan_iter(match=f"{prefix}*", count=100)]
            await redis_client().set(prefix + settings.NODE_ID, entry, ex=TTL_SECONDS)
        except (RedisError, OSError):
            # Nobody can be seen, so nobody may be missed.
            self._seen_at = dict.fromkeys(self._seen_at, self._clock.monotonic())
            return False
        now, entered_at = self._clock.monotonic(), self._entered_at
        self._entered_at = now
        self._seen_at.update((name.removeprefix(prefix), now) for name in found)
        return prefix + settings.NODE_ID not in found and now - entered_at < TTL_SECONDS

    async def leave(self) -> None:
        """Take this node out of the register."""
        with contextlib.suppress(RedisError, OSError):
            await redis_client().delete(key("node", settings.NODE_ID))

    def has_others(self) -> bool:
        """Whether there may be other nodes: one was seen lately, or there was no time yet to see any."""
        if self._clock.monotonic() - self._began_at < MISSED_SECONDS:
            return True
        return bool(self.others())

    def others(self) -> list[str]:
        """Return the ids of the other nodes that were seen lately."""
        return [node for node in self._seen_at if node != settings.NODE_ID and not self.is_gone(node)]

    def is_gone(self, node_id: str) -> bool:
        """Whether a node that was seen has been missing from the register for a while."""
        seen_at = self._seen_at.get(node_id)
        return seen_at is not None and self._clock.monotonic() - seen_at > MISSED_SECONDS

    def see(self, node_id: str) -> None:
        """Note that another node was heard of, in whatever way."""
        self._seen_at.setdefault(node_id, self._clock.monotonic())
