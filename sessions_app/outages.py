"""Parts that others need and that may go away for a while: said once in the log, not at every call that fails."""

import logging
import threading
import time

from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SAY_AGAIN_SECONDS = 60.0


class Outage:
    """Whether one part answers this process, as its calls find out; may be told from any thread.

    The log gets a line when the part goes away, one a minute while it stays away, and one when it is back.
    """

    def __init__(self, part: str) -> None:
        self.part = part
        self._lock = threading.Lock()
        self._since: float | None = None
        self._said_at = 0.0

    @property
    def is_on(self) -> bool:
        """Whether the last call found the part away."""
        return self._since is not None

    def seen(self, problem: object) -> None:
        """Note that a call failed because of the part."""
        now = time.monotonic()
        with self._lock:
            if self._since is not None and now - self._said_at < SAY_AGAIN_SECONDS:
                return
            self._since = now if self._since is None else self._since
            self._said_at = now
            away_seconds = now - self._since
        logger.warning(
            "%s is away%s; what needs it is tried again: %s",
            self.part,
            f" for {away_seconds:.0f} s" if away_seconds else "",
            _first_line(problem),
        )

    def over(self) -> None:
        """Note that the part answered."""
        if self._since is None:
            return
        with self._lock:
            since, self._since = self._since, None
        if since is not None:
            logger.warning("%s is back after %.1f s", self.part, time.monotonic() - since)


def _first_line(problem: object) -> str:
    lines = str(problem).strip().splitlines()
    return lines[0] if lines else type(problem).__name__


database_outage = Outage("The database")
redis_outage = Outage("Redis")


class ChannelLayerLog(logging.Filter):
    """Takes the tracebacks the channel layer logs every second without Redis for what they are: one outage."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record pass unless it tells of a failed call to Redis."""
        problem = record.exc_info[1] if record.exc_info else None
        if not isinstance(problem, RedisError | OSError):
            return True
        redis_outage.seen(problem)
        return False
