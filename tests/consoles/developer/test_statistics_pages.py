"""The statistics of an app: for its members, in one query, with the numbers as text as well."""

import pytest
from django.utils import timezone

from sessions_app.models import AppHour
from sessions_app.statistics.rules import HOUR, RANGES, hour_of
from tests.consoles.conftest import Browsing
from tests.support.personas import BOB, CAPTIONS, DORA, make_app

pytestmark = pytest.mark.django_db


def page_of(app_pk: int) -> str:
    return f"/console/apps/{app_pk}/statistics/"


def test_numbers_of_the_day_and_of_the_week(browsing: Browsing) -> None:
    app = make_app().app
    this_hour = hour_of(timezone.now())
    for ago, starts in ((0, 41), (30, 100)):
        AppHour.objects.create(
            package_name=CAPTIONS,
            hour=this_hour - ago * HOUR,
            starts=starts,
            failures={"WEBHOOK": 3},
            connected_seconds=5400,
            latencies=[0, 0, 10] + [0] * (RANGES - 3),
        )
    dora = browsing(DORA)
    day, week = (dora.get(page_of(app.pk), {"period": name}) for name in ("day", "week"))
    assert (day.context["total"].starts, week.context["total"].starts) == (41, 141)
    text = day.content.decode()
    assert "Failed: WEBHOOK" in text
    assert "1.5 h" in text
    assert "15 ms" in text


def test_an_unknown_period_is_a_day_and_an_empty_one_says_so(browsing: Browsing) -> None:
    answer = browsing(DORA).get(page_of(make_app().app.pk), {"period": "century"})
    assert answer.context["period"].name == "day"
    assert "Nothing in this time." in answer.content.decode()


def test_a_strangers_app_has_no_statistics(browsing: Browsing) -> None:
    assert browsing(BOB).get(page_of(make_app().app.pk)).status_code == 404
