"""Operators are those of /admin/ and those the settings name."""

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from accounts.api.permissions import is_operator
from accounts.rules import is_admin_address
from tests.support.personas import make_user


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("ada@example.com", True),
        ("bob@admins.example", True),
        ("eve@sub.admins.example", False),
        ("eve@notadmins.example", False),
        ("admins.example@evil.example", False),
        ("ada@example.com.evil.example", False),
    ],
)
def test_addresses_are_named_to_the_letter(email: str, expected: bool) -> None:
    assert is_admin_address(email, [" Ada@Example.com"], ["Admins.example", "@other.example"]) is expected


def test_no_setting_names_nobody() -> None:
    assert not is_admin_address("ada@example.com", [], [])


@pytest.mark.django_db
def test_staff_and_those_named_are_operators(settings: Settings) -> None:
    settings.ADMIN_EMAILS = ["named@example.com"]

    assert is_operator(make_user("staff@example.com", staff=True))
    assert is_operator(make_user("named@example.com"))
    assert not is_operator(make_user("other@example.com"))


@pytest.mark.django_db
def test_operators_may_need_a_second_factor(settings: Settings) -> None:
    settings.OPERATORS_NEED_TWO_FACTOR = True
    operator = make_user("staff@example.com", staff=True)

    assert not is_operator(operator)
    Authenticator.objects.create(user=operator, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert is_operator(operator)
