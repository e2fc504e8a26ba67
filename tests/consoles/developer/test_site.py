"""Who may enter the Developer Console, and what its pages may load."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.models import User
from accounts.services import trust_address
from tests.consoles.conftest import Browsing
from tests.support.personas import BOB, DORA, make_app, make_user

pytestmark = pytest.mark.django_db

PAGES = ("", "apps_registry/app/", "apps/new/", "password_change/")
PASSWORD = "correct horse battery staple"


def log_in(browser: Client, site: str, email: str) -> int:
    """Log in on the way to a site; return the status of what one sees there."""
    form = {"login": email, "password": PASSWORD, "next": site}
    return browser.post("/accounts/login/", form, follow=True).status_code


def person(email: str) -> User:
    """Return somebody with a password and a proven address."""
    user = make_user(email)
    user.set_password(PASSWORD)
    user.save()
    trust_address(user=user)
    return user


def test_the_front_page_leads_to_the_console_and_that_to_the_log_in(client: Client) -> None:
    path = client.get("/", follow=True).redirect_chain[-1][0]
    assert path == "/accounts/login/?next=/console/"


@pytest.mark.parametrize(("site", "status"), [("/console/", 200), ("/admin/", 403)])
def test_who_is_no_operator_enters_the_console_only(client: Client, site: str, status: int) -> None:
    person(DORA)
    assert log_in(client, site, DORA) == status


def test_who_was_switched_off_does_not_enter(client: Client) -> None:
    dora = person(DORA)
    dora.is_active = False
    dora.save()
    log_in(client, "/console/", DORA)
    assert client.get("/console/").status_code == 302


def test_a_log_in_leads_nowhere_else(client: Client) -> None:
    person(DORA)
    assert "evil" not in client.get("/console/login/?next=https://evil.example/").headers["Location"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_loads_only_files_there_are(browsing: Browsing, page: str) -> None:
    answer = browsing(DORA).get(f"/console/{page}")
    text = answer.content.decode()
    files = re.findall(r'(?:src|href)="/static/([^"?]+)"', text)
    assert "consoles/alpine_names.js" in files
    assert [file for file in files if finders.find(file) is None] == []
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_needs_text_evaluated_as_code(browsing: Browsing, page: str) -> None:
    answer = browsing(DORA).get(f"/console/{page}")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe-eval" not in policy
    text = answer.content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.findall(r"\son(?:click|change|submit|load|input)=", text)


def test_the_start_page_lists_own_apps_only(browsing: Browsing) -> None:
    make_app("com.example.first", url="http://127.0.0.1:7345")
    assert "com.example.first" in browsing(DORA).get("/console/").content.decode()
    assert "com.example.first" not in browsing(BOB).get("/console/").content.decode()
