"""The invariants of the cloud under random faults. Each is a pure function of a history and the rows at its end."""

from collections.abc import Callable
from functools import partial

from tests.scenarios.random_faults import app_checks, event_checks, session_checks
from tests.scenarios.random_faults.history import History
from tests.scenarios.random_faults.rows import Rows
from tests.scenarios.random_faults.subscriptions import acknowledged_subscriptions_survive

Check = Callable[[History, Rows], list[str]]


def invariants(grace_seconds: float) -> dict[str, Check]:
    """Return every invariant by name; each lists what breaks it."""
    in_time = partial(session_checks.disposed_once_after_the_deadline, grace_seconds=grace_seconds)
    absent = partial(session_checks.nobody_present_is_disposed, grace_seconds=grace_seconds)
    return {
        "one live session per user": session_checks.one_live_session_per_user,
        "histories are unbroken": session_checks.histories_are_unbroken,
        "disposed once, after the deadline": in_time,
        "nobody present is disposed": absent,
        "sessions are where they belong": session_checks.all_sessions_are_where_they_belong,
        "disposed sessions run nothing": session_checks.disposed_sessions_run_nothing,
        "events stay with their user": event_checks.events_stay_with_their_user,
        "events come once and in order": event_checks.events_come_once_and_in_order,
        "only subscribers hear": event_checks.only_subscribers_hear,
        "what must arrive arrives": event_checks.what_must_arrive_arrives,
        "fresh events reach every subscriber": event_checks.fresh_events_reach_every_subscriber,
        "acknowledged subscriptions survive": acknowledged_subscriptions_survive,
        "stops have an author": app_checks.stops_have_an_author,
        "failures are reported": app_checks.failures_are_reported,
        "wishes are heard": app_checks.wishes_are_heard,
        "apps come back with their user": app_checks.apps_come_back_with_their_user,
        "runs end at rest": app_checks.runs_end_at_rest,
        "attached apps are not called": app_checks.attached_apps_are_not_called,
    }


def broken(history: History, rows: Rows, grace_seconds: float) -> list[str]:
    """Return every violation, each with the name of its invariant."""
    return [
        f"{name}: {violation}"
        for name, check in invariants(grace_seconds).items()
        for violation in check(history, rows)
    ]
