"""How hours are counted and put together. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from sessions_app.app_runs.rules import RunEvent
from sessions_app.states import RunState

HOUR = timedelta(hours=1)
# Upper ends of the ranges in which latencies are counted, in ms; what takes longer stands in one more range.
LATENCY_BOUNDS_MS = (5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 6000)
RANGES = len(LATENCY_BOUNDS_MS) + 1


@dataclass(slots=True)
class Tally:
    """What an app did in some time: `failures` by stage, `latencies` of its webhooks by range of LATENCY_BOUNDS_MS."""

    starts: int = 0
    losses: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    connected_seconds: float = 0.0
    webhook_failures: int = 0
    latencies: list[int] = field(default_factory=lambda: [0] * RANGES)

    def add(self, other: Self) -> None:
        """Add what happened in another time."""
        self.starts += other.starts
        self.losses += other.losses
        self.failures += other.failures
        self.connected_seconds += other.connected_seconds
        self.webhook_failures += other.webhook_failures
        self.latencies = [own + more for own, more in zip(self.latencies, other.latencies, strict=True)]

    @property
    def failed(self) -> int:
        """How many starts failed, at whatever stage."""
        return self.failures.total()

    @property
    def failed_share(self) -> float | None:
        """Which part of the starts failed, 0 to 1; None when there was none."""
        attempts = self.starts + self.failed
        return self.failed / attempts if attempts else None


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def split_by_hours(start: datetime, end: datetime) -> Iterator[tuple[datetime, float]]:
    """Yield each hour that the time from `start` to `end` touches, with the seconds it takes of it."""
    while start < end:
        hour = hour_of(start)
        stop = min(hour + HOUR, end)
        yield hour, (stop - start).total_seconds()
        start = stop


def stage_of(detail: str) -> str:
    """Return the stage at which a start failed, as the history's detail begins with it."""
    stage, colon, _ = detail.partition(":")
    return stage if colon and stage.isupper() else "OTHER"


def range_of(latency_ms: float) -> int:
    """Return the index of the range into which a latency falls."""
    return next((i for i, bound in enumerate(LATENCY_BOUNDS_MS) if latency_ms <= bound), RANGES - 1)


def percentile(latencies: Sequence[int], share: float) -> float | None:
    """Return the latency in ms below which `share` (0 to 1) of the calls stayed; None without calls.

    Evenly spread inside a range; what took longer than the last bound counts as that bound.
    """
    rank = share * sum(latencies)
    if not rank:
        return None
    below = 0
    for count, (low, high) in zip(latencies, pairwise((0, *LATENCY_BOUNDS_MS)), strict=False):
        if count and below + count >= rank:
            return low + (high - low) * (rank - below) / count
        below += count
    return float(LATENCY_BOUNDS_MS[-1])


@dataclass(frozen=True, slots=True)
class Move:
    """One move of an app in a session, as history tells it."""

    before: str
    after: str
    cause: str
    detail: str
    at: datetime


def count_moves(moves: Iterable[Move], since: datetime, now: datetime) -> dict[datetime, Tally]:
    """Return what one app did in one session from `since` to `now`, by hour; `moves` are all of that time, in order."""
    hours: dict[datetime, Tally] = {}
    reached, state = since, ""
    for move in moves:
        tally = hours.setdefault(hour_of(move.at), Tally())
        if move.cause == RunEvent.START_FAILED:
            tally.failures[stage_of(move.detail)] += 1
        tally.starts += move.before == RunState.CONNECTING and move.after == RunState.RUNNING
        tally.losses += move.cause == RunEvent.SOCKET_LOST
        if move.before == RunState.RUNNING:
            _add_connected(hours, reached, move.at)
        reached, state = move.at, move.after
    if state == RunState.RUNNING:
        _add_connected(hours, reached, now)
    return hours


def _add_connected(hours: dict[datetime, Tally], start: datetime, end: datetime) -> None:
    for hour, seconds in split_by_hours(start, end):
        hours.setdefault(hour, Tally()).connected_seconds += seconds


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that charts show, in `count` steps of `step`, the last of which is still going on."""

    name: str
    step: timedelta
    count: int

    def beginnings(self, now: datetime) -> list[datetime]:
        """Return when each step begins, oldest first; steps end at whole multiples of their length (UTC)."""
        steps = hour_of(now).hour % (self.step // HOUR)
        last = hour_of(now) - steps * HOUR
        return [last - self.step * (self.count - 1 - number) for number in range(self.count)]


DAY = Period("day", HOUR, 24)
WEEK = Period("week", 6 * HOUR, 28)
PERIODS = {period.name: period for period in (DAY, WEEK)}


def put_together(
    hours: Iterable[tuple[datetime, Tally]], beginnings: Sequence[datetime], step: timedelta
) -> list[Tally]:
    """Return one tally per step; hours outside of all steps are left out."""
    steps = [Tally() for _ in beginnings]
    for hour, tally in hours:
        number = (hour - beginnings[0]) // step
        if 0 <= number < len(steps):
            steps[number].add(tally)
    return steps
