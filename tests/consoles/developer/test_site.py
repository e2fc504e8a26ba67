"""Who may enter the Developer Console, and what its pages may load."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.consoles.conftest import Browsing
from tests.support.personas import BOB, DORA, make_app, make_user

pytestmark = pytest.mark.django_db

PAGES = ("", "apps_registry/app/", "apps_registry/app/add/", "apps_registry/apikey/add/", "password_change/")
PASSWORD = "correct horse battery staple"


def log_in(browser: Client, site: str, email: str) -> bool:
    """Log in with the form of a site; say whether it let us in."""
    return browser.post(f"{site}login/", {"username": email, "password": PASSWORD}).status_code == 302


def test_the_front_page_leads_to_the_console(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/console/"
    assert client.get("/console/").headers["Location"].startswith("/console/login/")


@pytest.mark.parametrize(("site", "lets_in"), [("/console/", True), ("/admin/", False)])
def test_who_is_no_operator_enters_the_console_only(client: Client, site: str, lets_in: bool) -> None:
    dora = make_user(DORA)
    dora.set_password(PASSWORD)
    dora.save()
    assert log_in(client, site, DORA) is lets_in


def test_who_was_switched_off_does_not_enter(client: Client) -> None:
    dora = make_user(DORA)
    dora.set_password(PASSWORD)
    dora.is_active = False
    dora.save()
    assert not log_in(client, "/console/", DORA)


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


def test_the_first_steps_name_the_newest_app(browsing: Browsing) -> None:
    assert "com.example.myapp" in browsing(DORA).get("/console/").content.decode()
    make_app("com.example.first", url="http://127.0.0.1:7345")
    text = browsing(DORA).get("/console/").content.decode()
    assert "com.example.first" in text
    assert "port: 7345" in text
    assert "com.example.first" not in browsing(BOB).get("/console/").content.decode()
