"""Rows come as the ORM itself would return them."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import get_or_create_user
from prepared_queries import PreparedExists, PreparedRows, blank_of

pytestmark = pytest.mark.django_db

BY_EMAIL = PreparedRows(lambda: User.objects.filter(email=blank_of(User, "email")))


@pytest.fixture
def ada() -> User:
    user = get_or_create_user(email="ada@example.com")
    user.settings = {"brightness": 50}
    user.save()
    return user


def test_an_instance_is_the_one_the_orm_would_return(ada: User) -> None:
    found = BY_EMAIL.first(email="ada@example.com")
    assert found == ada
    assert found is not None
    assert found.settings == {"brightness": 50}
    assert found.created_at == ada.created_at
    assert found.is_active is True


def test_a_value_is_cleaned_by_its_field(ada: User) -> None:
    assert BY_EMAIL.first(email="ADA@example.com") == ada


def test_nothing_found_is_none_or_an_empty_list() -> None:
    assert BY_EMAIL.first(email="nobody@example.com") is None
    assert BY_EMAIL.all(email="nobody@example.com") == []


def test_an_instance_can_be_changed_and_saved(ada: User) -> None:
    found = BY_EMAIL.first(email="ada@example.com")
    assert found is not None
    found.name = "Ada"
    found.save()
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_values_are_converted_as_by_the_orm(ada: User) -> None:
    tuples: PreparedRows[tuple[object, ...]] = PreparedRows(
        lambda: User.objects.filter(pk=blank_of(User, "id")).values_list("settings", "created_at")
    )
    assert tuples.all(id=ada.pk) == [({"brightness": 50}, ada.created_at)]
    flat: PreparedRows[object] = PreparedRows(
        lambda: User.objects.filter(pk=blank_of(User, "id")).values_list("settings", flat=True)
    )
    assert flat.first(id=ada.pk) == {"brightness": 50}


def test_the_order_of_the_query_is_kept(ada: User) -> None:
    bea = get_or_create_user(email="bea@example.com")
    newest_first: PreparedRows[User] = PreparedRows(
        lambda: User.objects.filter(is_active=blank_of(User, "is_active")).order_by(F("pk").desc())
    )
    assert newest_first.all(is_active=True) == [bea, ada]


def test_existence_is_one_query(ada: User) -> None:
    exists = PreparedExists(lambda: User.objects.filter(email=blank_of(User, "email")))
    with CaptureQueriesContext(connection) as queries:
        assert exists(email=ada.email)
        assert not exists(email="nobody@example.com")
    assert len(queries) == 2


def test_a_blank_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        BY_EMAIL.first(name="ada@example.com")
