"""What the tables of people promise, in any database."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.db.models import TextField, Value

from accounts.models import Membership, User
from accounts.rules import Role
from tests.support.personas import ADA, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_an_address_is_stored_lower_case_and_found_in_any_case() -> None:
    user = User.objects.create_user("  ADA@Example.com ")
    assert user.email == ADA
    assert User.objects.get(email="aDa@EXAMPLE.com") == user
    assert User.objects.get_by_natural_key("ADA@example.com") == user


def test_two_users_cannot_differ_in_case_only() -> None:
    make_user(ADA)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ADA@EXAMPLE.COM")


def test_the_database_itself_refuses_capitals() -> None:
    user = make_user(ADA)
    with pytest.raises(IntegrityError), transaction.atomic():
        # Past the field's own normalization, as a stray script would do it.
        User.objects.filter(pk=user.pk).update(email=Value("ADA@example.com", output_field=TextField()))


def test_a_user_without_a_password_cannot_log_in() -> None:
    make_user(ADA)
    assert authenticate(username=ADA, password="") is None


def test_logging_in_ignores_the_case_of_the_address() -> None:
    User.objects.create_user(ADA, "correct horse")
    assert authenticate(username="ADA@example.com", password="correct horse") is not None


def test_a_superuser_may_enter_the_admin() -> None:
    user = User.objects.create_superuser(ADA, "correct horse")
    assert user.is_staff
    assert user.is_superuser


def test_nobody_is_a_member_twice() -> None:
    organization = make_organization(owner=make_user(DORA))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=make_user(DORA), organization=organization, role=Role.VIEWER)


def test_names_of_rows_help_operators() -> None:
    organization = make_organization("Example", owner=make_user(DORA))
    membership = organization.memberships.get()
    assert [str(organization), str(membership), str(membership.user)] == [
        "Example",
        "dora@dev.example is owner of Example",
        DORA,
    ]
