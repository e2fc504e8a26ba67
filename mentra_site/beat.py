"""Beat, the clock of the cloud: it goes on while Redis is away, says so once, and shows that it lives."""

import time
from typing import Any

from celery.beat import PersistentScheduler, SchedulingError
from redis.exceptions import RedisError

from sessions_app.outages import redis_outage
from sessions_app.outbound.node_list import BEAT_SIGN_SECONDS, longest_silence_of_beat
from sessions_app.outbound.redis import blocking_redis, key

HEARTBEAT = ("beat", "heartbeat")


class Scheduler(PersistentScheduler):
    """Sends what is due; a round that cannot be sent is left out, for the next one does its work too."""

    _shown_at = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Show that the clock goes, send what is due, return the seconds until there is more."""
        self._show_life()
        pause: float = super().tick(*args, **kwargs)
        return pause

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Have a worker do one job."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as problem:
            redis_outage.seen(problem)
        else:
            redis_outage.over()

    def _show_life(self) -> None:
        now = time.monotonic()
        if now - self._shown_at < BEAT_SIGN_SECONDS:
            return
        self._shown_at = now
        try:
            blocking_redis().set(key(*HEARTBEAT), time.time(), ex=round(2 * longest_silence_of_beat()))
        except (RedisError, OSError) as problem:
            redis_outage.seen(problem)
