"""Buckets that refill steadily: how much of something one peer may have. Pure."""

from typing import NamedTuple


class Limit(NamedTuple):
    """What a bucket takes: steadily, and at once after a pause."""

    per_second: float
    burst: float


class Bucket:
    """Holds what may still be taken."""

    __slots__ = ("_filled_at", "_left", "_limit")

    def __init__(self, limit: Limit, now: float) -> None:
        self._limit = limit
        self._left = limit.burst
        self._filled_at = now

    def take(self, now: float, amount: float = 1.0) -> bool:
        """Take `amount` if it is there; `now` is the steady clock in seconds."""
        limit = self._limit
        self._left = min(limit.burst, self._left + (now - self._filled_at) * limit.per_second)
        self._filled_at = now
        if self._left < amount:
            return False
        self._left -= amount
        return True
