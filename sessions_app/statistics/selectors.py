"""Reads of counted hours."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sessions_app.models import AppHour
from sessions_app.statistics.rules import Period, Tally, put_together


@dataclass(frozen=True, slots=True)
class Statistics:
    """An app in a period: one tally per step, oldest first, and all of them together."""

    period: Period
    beginnings: list[datetime]
    steps: list[Tally]
    total: Tally


def read_statistics(package_name: str, period: Period, now: datetime) -> Statistics:
    """Return what an app did in the period that ends now, in one query."""
    beginnings = period.beginnings(now)
    rows = AppHour.objects.filter(package_name=package_name, hour__gte=beginnings[0], hour__lte=now)
    steps = put_together(((row.hour, _tally(row)) for row in rows), beginnings, period.step)
    total = Tally()
    for step in steps:
        total.add(step)
    return Statistics(period, beginnings, steps, total)


def _tally(row: AppHour) -> Tally:
    return Tally(
        starts=row.starts,
        losses=row.losses,
        failures=Counter(row.failures),
        connected_seconds=row.connected_seconds,
        webhook_failures=row.webhook_failures,
        latencies=row.latencies,
    )
