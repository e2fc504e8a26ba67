"""Who may enter the operators' pages."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.personas import DORA, make_user

pytestmark = pytest.mark.django_db


def test_operators_enter(operator: Client) -> None:
    assert operator.get("/admin/").status_code == 200


def test_others_are_refused(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/login/?next=/admin/"
    client.force_login(make_user(DORA))
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_second_factor_may_be_demanded(operator: Client, settings: Settings) -> None:
    settings.OPERATORS_NEED_TWO_FACTOR = True
    assert operator.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/"
    TOTP.activate(make_user("operator@example.com", staff=True), generate_totp_secret())
    assert operator.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["now/", "nodes/", "nodes/now/", "review/", "sessions_app/failedjob/"])
def test_no_page_is_open_without_the_second_factor_that_is_demanded(
    operator: Client, settings: Settings, path: str
) -> None:
    settings.OPERATORS_NEED_TWO_FACTOR = True
    answer = operator.get(f"/admin/{path}", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/"


@pytest.mark.parametrize("path", ["now/", "nodes/", "nodes/workers/", "review/", "sessions_app/failedjob/"])
def test_strangers_are_sent_to_the_log_in(client: Client, path: str) -> None:
    assert client.get(f"/admin/{path}", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
