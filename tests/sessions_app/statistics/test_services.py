"""Hours counted from the history of real moves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.app_runs.rules import RunEvent
from sessions_app.models import AppHour, WebhookCall
from sessions_app.statistics.rules import DAY, hour_of, range_of
from sessions_app.statistics.selectors import read_statistics
from sessions_app.statistics.services import count_hours
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_app, make_user
from tests.support.queries import statements
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db

NOON = hour_of(timezone.now())
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STARTED = (RunEvent.START, RunEvent.ATTACHED)


def test_each_app_and_hour_has_its_row() -> None:
    ada, bob = (connect_phone(make_user(email), now=NOON - 3 * HOUR).ref for email in (ADA, BOB))
    play(ada, *STARTED, now=NOON - 90 * MINUTE)
    play(ada, RunEvent.SOCKET_LOST, now=NOON - 30 * MINUTE)
    play(bob, *STARTED, now=NOON - 30 * MINUTE)
    play(bob, RunEvent.START, RunEvent.START_FAILED, package_name=NOTES, now=NOON - MINUTE)
    count_hours(now=NOON)

    rows = {(row.package_name, (NOON - row.hour) // HOUR): row for row in AppHour.objects.all()}
    assert set(rows) == {(CAPTIONS, 2), (CAPTIONS, 1), (NOTES, 1)}
    assert [(rows[CAPTIONS, ago].starts, rows[CAPTIONS, ago].connected_seconds) for ago in (2, 1)] == [
        (1, 1800),
        (1, 3600),
    ]
    assert rows[CAPTIONS, 1].losses == 1
    assert rows[NOTES, 1].failures == {"OTHER": 1}


def test_counting_again_changes_nothing() -> None:
    play(connect_phone(make_user(), now=NOON - HOUR).ref, *STARTED, now=NOON - 20 * MINUTE)
    count_hours(now=NOON)
    before = list(AppHour.objects.values())
    count_hours(now=NOON)
    assert list(AppHour.objects.values()) == before


def test_an_app_that_just_goes_on_is_connected_all_along() -> None:
    play(connect_phone(make_user(), now=NOON - 5 * HOUR).ref, *STARTED, now=NOON - 5 * HOUR)
    for passed in range(5, 0, -1):
        count_hours(now=NOON - passed * HOUR + 59 * MINUTE)
    count_hours(now=NOON + MINUTE)
    total = read_statistics(CAPTIONS, DAY, NOON + MINUTE).total
    assert (total.starts, total.connected_seconds) == (1, 5 * 3600 + 60)


def test_hours_of_a_standstill_are_counted_afterwards() -> None:
    ref = connect_phone(make_user(), now=NOON - 9 * HOUR).ref
    play(ref, *STARTED, now=NOON - 9 * HOUR)
    count_hours(now=NOON - 8 * HOUR)
    play(ref, RunEvent.SOCKET_LOST, now=NOON - 6 * HOUR)
    count_hours(now=NOON)
    statistics = read_statistics(CAPTIONS, DAY, NOON)
    assert (statistics.total.connected_seconds, statistics.total.losses) == (3 * 3600, 1)


def test_webhooks_are_counted_by_how_long_they_took() -> None:
    app = make_app().app
    for minutes, total_ms, problem in ((1, 12, ""), (2, 4000, "TIMEOUT"), (3, None, "REFUSED"), (61, 12, "")):
        WebhookCall.objects.create(
            app=app, kind="session_request", at=NOON - minutes * MINUTE, total_ms=total_ms, problem=problem
        )
    count_hours(now=NOON)
    count_hours(now=NOON)
    total = read_statistics(CAPTIONS, DAY, NOON).total
    assert (sum(total.latencies), total.webhook_failures) == (3, 2)
    assert total.latencies[range_of(12)] == 2


def test_apps_of_others_do_not_count_and_one_query_reads_all() -> None:
    play(connect_phone(make_user(), now=NOON).ref, *STARTED, package_name=NOTES, now=NOON - MINUTE)
    count_hours(now=NOON)
    with statements() as asked:
        statistics = read_statistics(CAPTIONS, DAY, NOON)
    assert (statistics.total.starts, len(statistics.steps), len(asked)) == (0, 24, 1)
