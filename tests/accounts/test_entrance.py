"""Signing up and logging in, as the forms do it."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.services import make_operator
from tests.support.personas import ADA, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def sign_up(browser: Client, email: str) -> None:
    browser.post("/accounts/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD})


def log_in(browser: Client, email: str, password: str = PASSWORD) -> bool:
    browser.post("/accounts/login/", {"login": email, "password": password})
    return browser.get("/console/").status_code == 200


def test_who_signs_up_proves_the_address_and_is_in(client: Client) -> None:
    sign_up(client, "ADA@Example.com")
    assert not log_in(client, ADA)
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[0].body))
    assert link
    client.post(link[1])
    assert log_in(client, ADA)
    assert User.objects.get(email=ADA).organizations.count() == 1


def test_a_taken_address_is_not_told_to_strangers(client: Client) -> None:
    make_user(ADA)
    answer = client.post(
        "/accounts/signup/", {"email": ADA, "password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    assert "already" not in answer.content.decode()
    assert User.objects.count() == 1


def test_a_closed_deployment_takes_no_sign_ups(client: Client, settings: Settings) -> None:
    settings.SIGNUP_IS_OPEN = False
    sign_up(client, ADA)
    assert not User.objects.exists()


def test_an_operator_made_by_command_needs_no_mail(client: Client) -> None:
    User.objects.create_superuser("root@example.com", PASSWORD)
    assert log_in(client, "root@example.com")
    user = make_user(ADA)
    user.set_password(PASSWORD)
    user.save()
    make_operator(user=user)
    assert log_in(Client(), ADA)
    assert mail.outbox == []


def test_guessing_is_slowed_down(client: Client) -> None:
    User.objects.create_superuser("root@example.com", PASSWORD)
    for _ in range(12):
        client.post("/accounts/login/", {"login": "root@example.com", "password": "guess"})
    assert not log_in(client, "root@example.com")
    cache.clear()
    assert log_in(client, "root@example.com")


def test_a_forgotten_password_is_set_anew_by_mail(client: Client) -> None:
    User.objects.create_superuser("root@example.com", PASSWORD)
    client.post("/accounts/password/reset/", {"email": "root@example.com"})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    form_page = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form_page, {"password1": "another long password", "password2": "another long password"})
    assert log_in(client, "root@example.com", "another long password")


@pytest.mark.parametrize("page", ["login", "signup", "password/reset"])
def test_the_pages_load_nothing_foreign_and_no_inline_script(client: Client, page: str) -> None:
    text = client.get(f"/accounts/{page}/").content.decode()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", text)
