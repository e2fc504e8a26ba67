"""What the page of the glasses asks the site: a token of one's own, the installation of an app."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.tokens import read_core_token
from apps_registry.models import Installation
from tests.consoles.conftest import Browsing
from tests.support.personas import ADA, BOB, CAPTIONS, DORA, NOTES, make_app, make_user

pytestmark = pytest.mark.django_db

PAGE = "/console/simulator/"


def facts(browser: Client) -> dict[str, object]:
    """Return what the page tells its script."""
    found = re.search(r'<script id="facts"[^>]*>(.*?)</script>', browser.get(PAGE).content.decode())
    assert found
    read: dict[str, object] = json.loads(found[1])
    return read


def test_the_page_offers_every_model_and_the_apps_one_may_have(browsing: Browsing) -> None:
    dora = browsing(DORA)
    own = make_app(CAPTIONS, published=False, installed_for=[make_user(DORA)])
    make_app(NOTES, owner=make_user(BOB))
    make_app("com.example.secret", owner=make_user(BOB), published=False)
    known = facts(dora)
    assert known["apps"] == [
        {"packageName": own.package_name, "name": "Captions", "isInstalled": True},
        {"packageName": NOTES, "name": "Notes", "isInstalled": False},
    ]
    assert "Even Realities G1" in str(known["models"])


def test_the_page_speaks_to_the_socket_and_loads_files_there_are(browsing: Browsing) -> None:
    answer = browsing(DORA).get(PAGE)
    policy = answer.headers["Content-Security-Policy"]
    assert re.search(r"connect-src [^;]*'self' ws: wss:", policy)
    assert "unsafe-eval" not in policy
    files = re.findall(r'(?:src|href|data-worklet)="/static/([^"?]+)"', answer.content.decode())
    assert "consoles/simulator/main.js" in files
    assert [file for file in files if finders.find(file) is None] == []


def test_the_token_is_the_visitors_own(browsing: Browsing) -> None:
    answer = browsing(ADA).post(f"{PAGE}token/")
    assert read_core_token(answer.json()["token"]).email == ADA
    assert "no-store" in answer.headers["Cache-Control"]


def test_apps_are_found_by_words_and_never_all_at_once(browsing: Browsing) -> None:
    dora = browsing(DORA)
    make_app(CAPTIONS, published=False, installed_for=[make_user(DORA)])
    make_app("com.example.secret", owner=make_user(BOB), published=False)
    for number in range(40):
        make_app(f"com.example.crowd{number}", owner=make_user(BOB))
    found = dora.get(f"{PAGE}apps/", {"words": "CROWD39"}).json()["apps"]
    assert [app["packageName"] for app in found] == ["com.example.crowd39"]
    assert dora.get(f"{PAGE}apps/", {"words": "secret"}).json() == {"apps": []}
    everything = dora.get(f"{PAGE}apps/").json()["apps"]
    assert (len(everything), everything[0]["packageName"]) == (30, CAPTIONS)


@pytest.mark.parametrize("path", ["token/", "install/"])
def test_strangers_and_forged_requests_get_nothing(client: Client, path: str) -> None:
    assert client.post(PAGE + path).status_code == 302
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(make_user(ADA))
    assert forged.post(PAGE + path).status_code == 403
    assert forged.get(PAGE + path).status_code == 405


def test_an_app_is_installed_when_the_registry_allows_it(browsing: Browsing) -> None:
    make_app(CAPTIONS)
    make_app("com.example.secret", published=False)
    ada = browsing(ADA)
    assert ada.post(f"{PAGE}install/", {"packageName": CAPTIONS}).json() == {"success": True}
    refused = ada.post(f"{PAGE}install/", {"packageName": "com.example.secret"})
    assert (refused.status_code, refused.json()["success"]) == (403, False)
    assert "not published" in refused.json()["message"]
    assert ada.post(f"{PAGE}install/", {"packageName": "com.example.none"}).status_code == 404
    assert [row.app.package_name for row in Installation.objects.filter(user__email=ADA)] == [CAPTIONS]
