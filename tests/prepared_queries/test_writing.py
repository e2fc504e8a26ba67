"""Rows are stored as the ORM itself would store them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from accounts.services import get_or_create_user
from prepared_queries import PreparedUpdate, blank_of, insert_rows, put_row
from sessions_app.models import AppRun, SessionTransition, UserSession

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def ada() -> User:
    return get_or_create_user(email="ada@example.com")


@pytest.fixture
def session(ada: User) -> UserSession:
    return UserSession.objects.create(user=ada, state="ACTIVE", owner="node")


def test_columns_that_are_not_named_get_their_defaults(ada: User) -> None:
    session_id = uuid4()
    insert_rows(UserSession, [{"id": session_id, "user": ada.pk, "state": "ACTIVE", "started_at": NOON}])
    stored = UserSession.objects.get(pk=session_id)
    assert (stored.user, stored.started_at, stored.generation, stored.apps_used) == (ada, NOON, 1, [])
    assert stored.dispose_after is None


def test_several_rows_are_stored_in_order(session: UserSession) -> None:
    insert_rows(
        SessionTransition,
        [{"session": session.pk, "to_state": state, "cause": "test"} for state in ("A", "B", "C")],
    )
    assert list(SessionTransition.objects.values_list("to_state", flat=True)) == ["A", "B", "C"]


def test_a_broken_constraint_is_an_integrity_error(session: UserSession) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(UserSession, [{"id": session.pk, "user": session.user_id, "state": "ACTIVE"}])


def test_a_row_that_is_there_gets_only_the_named_columns(session: UserSession) -> None:
    run = {"session": session.pk, "package_name": "com.example.app"}
    put_row(AppRun, tuple(run), {**run, "state": "running", "subscriptions": ["button_press"]})
    put_row(AppRun, tuple(run), {**run, "state": "stopped", "stopped_at": NOON})
    stored = AppRun.objects.get()
    assert (stored.state, stored.subscriptions, stored.stopped_at) == ("stopped", ["button_press"], NOON)


def test_an_update_says_how_many_rows_it_hit(session: UserSession) -> None:
    change = PreparedUpdate(
        lambda: UserSession.objects.filter(
            pk=blank_of(UserSession, "id"), generation=blank_of(UserSession, "generation")
        ),
        generation=F("generation") + 1,
    )
    assert change({"owner": "other", "apps_used": ["a"]}, id=session.pk, generation=1) == 1
    assert change({"owner": "third", "apps_used": []}, id=session.pk, generation=1) == 0
    session.refresh_from_db()
    assert (session.owner, session.apps_used, session.generation) == ("other", ["a"], 2)


def test_an_update_may_add_a_given_number(session: UserSession) -> None:
    count = PreparedUpdate(
        lambda: UserSession.objects.filter(pk=blank_of(UserSession, "id")),
        events=F("events") + blank_of(UserSession, "events"),
    )
    for _ in range(2):
        count({}, id=session.pk, events=5)
    session.refresh_from_db()
    assert session.events == 10
