"""How often who may send: per user's session with an app, and per app on this node. Pure, but for its memory."""

from collections.abc import Hashable

from sessions_app.buckets import Bucket, Limit
from sessions_app.messaging.rules import DELIVERIES

MOST_KNOWN = 20_000


class Allowances:
    """The buckets of senders; those not used for longest are forgotten first."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self._most = most
        self._buckets: dict[Hashable, Bucket] = {}

    def may_send(self, sender: Hashable, limit: Limit, now: float) -> bool:
        """Count one thing of `sender` that `limit` is for; `now` is the steady clock in seconds."""
        return self._bucket((sender, limit), limit, now).take(now)

    def may_reach(self, package_name: str, recipients: int, now: float) -> bool:
        """Count a broadcast of an app to so many users; a crowd larger than the burst takes all of it."""
        amount = min(float(recipients), DELIVERIES.burst)
        return self._bucket(("deliveries", package_name), DELIVERIES, now).take(now, amount)

    def _bucket(self, key: Hashable, limit: Limit, now: float) -> Bucket:
        bucket = self._buckets.pop(key, None) or Bucket(limit, now)
        self._buckets[key] = bucket
        if len(self._buckets) > self._most:
            del self._buckets[next(iter(self._buckets))]
        return bucket


allowances = Allowances()
