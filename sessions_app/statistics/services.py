"""Counting hours from history. For workers: it reads every move since the last hour that was counted."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, Exists, OuterRef

from sessions_app.models import AppHour, AppRun, SessionTransition, WebhookCall
from sessions_app.states import LIVE_SESSION_STATES, RunState
from sessions_app.statistics.rules import HOUR, Move, Tally, count_moves, hour_of, range_of, split_by_hours

# After a longer standstill of the clock the hours before are lost to the charts, not to history.
LONGEST_REACH = timedelta(hours=24)
BATCH = 500
NUMBERS = [field.name for field in fields(Tally)]

Hours = dict[tuple[str, datetime], Tally]


def count_hours(*, now: datetime) -> int:
    """Count the hours since the last one counted, and that one and the one before it again; return how many rows.

    Counting the same history twice gives the same rows.
    """
    since = _first_hour(now)
    hours: Hours = {}
    for package_name, moves in _histories(since, now):
        for hour, tally in count_moves(moves, since, now).items():
            hours.setdefault((package_name, hour), Tally()).add(tally)
    _count_unmoved(hours, since, now)
    _count_webhooks(hours, since, now)
    rows = [AppHour(package_name=name, hour=hour, **_columns(tally)) for (name, hour), tally in hours.items()]
    AppHour.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["package_name", "hour"],
        update_fields=NUMBERS,
    )
    return len(rows)


def _first_hour(now: datetime) -> datetime:
    newest = AppHour.objects.order_by("-hour").values_list("hour", flat=True).first()
    earliest = hour_of(now) - LONGEST_REACH
    return earliest if newest is None else max(earliest, newest - HOUR)


def _histories(since: datetime, now: datetime) -> Iterator[tuple[str, list[Move]]]:
    """Yield package name and moves of each app in each session."""
    rows = (
        SessionTransition.objects.filter(at__gte=since, at__lt=now)
        .exclude(package_name="")
        .order_by("session_id", "package_name", "id")
        .values_list("session_id", "package_name", "from_state", "to_state", "cause", "detail", "at")
    )
    for (_, package_name), moves in groupby(rows.iterator(), key=itemgetter(0, 1)):
        yield package_name, [Move(*move[2:]) for move in moves]


def _count_unmoved(hours: Hours, since: datetime, now: datetime) -> None:
    """Add the time of apps that ran all along: history is silent about them."""
    moves = SessionTransition.objects.filter(
        session=OuterRef("session"), package_name=OuterRef("package_name"), at__gte=since
    )
    running = AppRun.objects.filter(state=RunState.RUNNING, session__state__in=LIVE_SESSION_STATES)
    quiet = running.exclude(Exists(moves)).order_by()
    for package_name, runs in quiet.values_list("package_name").annotate(Count("pk")):
        for hour, seconds in split_by_hours(since, now):
            hours.setdefault((package_name, hour), Tally()).connected_seconds += seconds * runs


def _count_webhooks(hours: Hours, since: datetime, now: datetime) -> None:
    """Add the calls of app servers: how long they took, and which came to nothing."""
    calls = WebhookCall.objects.filter(at__gte=since, at__lt=now).order_by()
    rows = calls.values_list("app__package_name", "at", "total_ms", "problem")
    for package_name, at, total_ms, problem in rows.iterator():
        tally = hours.setdefault((package_name, hour_of(at)), Tally())
        tally.webhook_failures += bool(problem)
        if total_ms is not None:
            tally.latencies[range_of(total_ms)] += 1


def _columns(tally: Tally) -> dict[str, Any]:
    return {name: getattr(tally, name) for name in NUMBERS}
