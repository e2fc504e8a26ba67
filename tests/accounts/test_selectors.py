"""Reads about people."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.rules import DEFAULT_USER_SETTINGS
from accounts.selectors import default_organization, find_user, is_member, merged_user_settings
from tests.support.personas import ADA, BOB, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_a_user_is_found_in_any_case() -> None:
    user = make_user(ADA)
    assert find_user(" ADA@example.com ") == user
    assert find_user(BOB) is None


@pytest.mark.parametrize("text", ["", "nobody", "a\x00@b.c", "\ud800@x.y"])
def test_odd_texts_find_nobody(text: str) -> None:
    assert find_user(text) is None


def test_a_user_without_organization_has_no_default() -> None:
    assert default_organization(make_user(ADA)) is None


def test_the_chosen_organization_comes_first(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dora = make_user(DORA)
    make_organization("One", owner=dora)
    two = make_organization("Two", owner=dora)
    dora.default_organization = two
    with django_assert_num_queries(1):
        assert default_organization(dora) == two


def test_without_a_choice_the_oldest_membership_counts() -> None:
    dora = make_user(DORA)
    one = make_organization("One", owner=dora)
    make_organization("Two", owner=dora)
    dora.default_organization = None
    assert default_organization(dora) == one


def test_an_organization_one_has_left_is_no_default() -> None:
    dora = make_user(DORA)
    one = make_organization("One", owner=dora)
    two = make_organization("Two", owner=dora)
    one.memberships.all().delete()
    assert dora.default_organization == one
    assert default_organization(dora) == two


def test_membership_is_per_organization() -> None:
    dora = make_user(DORA)
    organization = make_organization(owner=dora)
    assert is_member(dora, organization.pk)
    assert not is_member(make_user(BOB), organization.pk)


def test_merged_settings_need_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = make_user(ADA, settings={"bypass_vad": True})
    with django_assert_num_queries(0):
        assert merged_user_settings(user) == {**DEFAULT_USER_SETTINGS, "bypassVad": True}
