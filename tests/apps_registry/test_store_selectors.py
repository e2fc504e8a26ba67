"""What everybody may install, and what waits for operators."""

import pytest
from pytest_django import DjangoAssertNumQueries

from apps_registry.rules import ReviewEvent, StoreStatus
from apps_registry.services import approve_app, reject_app, submit_app, update_app
from apps_registry.store_selectors import (
    count_by_status,
    last_decision,
    published_apps,
    recent_decisions,
    review_queue,
)
from tests.support.personas import CAPTIONS, DORA, NOTES, make_app, make_reviewable, make_user

pytestmark = pytest.mark.django_db


def test_the_store_holds_published_apps_that_are_still_offered() -> None:
    make_app(CAPTIONS)
    update_app(app=make_app(NOTES).app, description="Write down what you hear")
    make_app("com.example.secret", published=False)
    update_app(app=make_app("com.example.old").app, is_deprecated=True)
    assert [app.package_name for app in published_apps()] == [CAPTIONS, NOTES]
    assert [app.package_name for app in published_apps(" HEAR ")] == [NOTES]
    assert not published_apps("secret")


def test_the_queue_is_longest_waiting_first(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dora = make_user(DORA)
    second, first = make_reviewable(CAPTIONS), make_reviewable(NOTES)
    submit_app(app=first, by=dora)
    submit_app(app=second, by=dora)
    with django_assert_num_queries(1):
        waiting = [(app.package_name, app.organization.name, app.developer) for app in review_queue()]
    assert [row[0] for row in waiting] == [NOTES, CAPTIONS]
    assert all(getattr(app, "submitted_at", None) for app in review_queue())


def test_decisions_are_found_again() -> None:
    dora, operator = make_user(DORA), make_user("operator@example.com", staff=True)
    app = make_reviewable()
    assert last_decision(app) is None
    submit_app(app=app, by=dora)
    reject_app(app=app, by=operator, notes="Too dark.")
    submit_app(app=app, by=dora)
    decided = last_decision(app)
    assert decided is not None
    assert (decided.notes, decided.actor) == ("Too dark.", operator)
    assert [step.event for step in recent_decisions()] == ["submitted", "rejected", "submitted"]
    assert recent_decisions(ReviewEvent.REJECTED).count() == 1
    approve_app(app=app, by=operator)
    assert count_by_status() == {
        StoreStatus.DEVELOPMENT: 0,
        StoreStatus.SUBMITTED: 0,
        StoreStatus.REJECTED: 0,
        StoreStatus.PUBLISHED: 1,
    }
