"""Guessing passwords and codes is slowed down, per address and per machine, whatever the guesser claims to be."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as deployment
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from accounts.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
ROOT, OTHER = "root@example.com", "other@example.com"
PROXY = "10.0.0.9"


@pytest.fixture
def people() -> list[User]:
    return [User.objects.create_superuser(email, PASSWORD) for email in (ROOT, OTHER)]


def from_machine(address: str, claims: str = "") -> Client:
    """Return a browser on a machine behind our proxy; what it claims stands before what the proxy saw."""
    seen = f"{claims}, {address}" if claims else address
    return Client(REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": seen})


def lets_in(browser: Client, email: str, password: str = PASSWORD) -> bool:
    browser.post("/accounts/login/", {"login": email, "password": password})
    return is_in(browser)


def is_in(browser: Client) -> bool:
    request = HttpRequest()
    request.session = browser.session
    return get_user(request).is_authenticated


@pytest.fixture(autouse=True)
def behind_a_proxy(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


@pytest.mark.usefixtures("people")
def test_an_address_is_guarded_from_wherever_the_guesses_come() -> None:
    for number in range(5):
        assert not lets_in(from_machine(f"192.0.2.{number}"), ROOT, "guess")
    assert not lets_in(from_machine("192.0.2.99"), ROOT), "not even with the right password"
    assert lets_in(from_machine("192.0.2.99"), OTHER), "others are not concerned"


@pytest.mark.usefixtures("people")
def test_a_machine_that_guesses_is_slowed_down_whatever_it_claims() -> None:
    for number in range(10):
        liar = from_machine("192.0.2.1", claims=f"198.51.100.{number}")
        assert not lets_in(liar, f"{number}@example.com", "guess")
    assert not lets_in(from_machine("192.0.2.1", claims="198.51.100.77"), ROOT)
    assert lets_in(from_machine("192.0.2.2"), ROOT), "the proxy itself is not taken for the guesser"


def test_a_guesser_of_second_factors_is_stopped(people: list[User]) -> None:
    secret = generate_totp_secret()
    TOTP.activate(people[0], secret)
    for number in range(6):
        browser = from_machine(f"192.0.2.{number}")
        browser.post("/accounts/login/", {"login": ROOT, "password": PASSWORD})
        said = browser.post("/accounts/2fa/authenticate/", {"code": f"00000{number}"}).content.decode()
        assert not is_in(browser)
    assert "Too many failed" in said


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("entrance", ["/admin/login/", "/console/login/"])
def test_the_sites_have_no_other_way_in(entrance: str) -> None:
    browser = from_machine("192.0.2.1")
    answer = browser.post(entrance, {"username": ROOT, "login": ROOT, "password": PASSWORD})
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert not is_in(browser)


def test_all_nodes_count_together() -> None:
    from mentra_site.settings import base

    assert base.CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert deployment.AUTHENTICATION_BACKENDS == ["allauth.account.auth_backends.AuthenticationBackend"]
