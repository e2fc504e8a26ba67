"""What the page of the glasses asks the site: a token of one's own, the installation of an app."""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.tokens import read_core_token
from apps_registry.models import App, Installation
from apps_registry.rules import hash_api_key, hash_with_key
from apps_registry.services import revoke_all_keys
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
        {"packageName": own.package_name, "name": "Captions", "isInstalled": True, "hasPage": False},
        {"packageName": NOTES, "name": "Notes", "isInstalled": False, "hasPage": False},
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


@pytest.mark.parametrize("path", ["token/", "install/", "page/"])
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


def test_the_page_of_an_app_is_opened_as_by_a_phone(browsing: Browsing) -> None:
    app = make_app(CAPTIONS, installed_for=[make_user(ADA)])
    App.objects.filter(package_name=CAPTIONS).update(webview_url="https://captions.example/page?of=day#top")
    ada = browsing(ADA)
    assert facts(ada)["apps"] == [
        {"packageName": CAPTIONS, "name": "Captions", "isInstalled": True, "hasPage": True}
    ]
    answer = ada.post(f"{PAGE}page/", {"packageName": CAPTIONS})
    assert "no-store" in answer.headers["Cache-Control"]
    address = urlsplit(answer.json()["url"])
    assert (address.netloc, address.path, address.fragment) == ("captions.example", "/page", "top")
    asked = dict(parse_qsl(address.query))
    assert asked["of"] == "day"
    digest = hash_api_key(app.api_key)
    assert asked["cloudApiUrlChecksum"] == hash_with_key(asked["cloudApiUrl"], digest)
    headers = {"authorization": f"Bearer {app.api_key}"}
    body = {"aos_temp_token": asked["aos_temp_token"], "packageName": CAPTIONS}
    spent = Client().post("/api/auth/exchange-user-token", body, "application/json", headers=headers)
    assert spent.json() == {"success": True, "userId": ADA}


def test_a_page_that_cannot_be_opened_is_a_reason(browsing: Browsing) -> None:
    app = make_app(CAPTIONS)
    ada = browsing(ADA)

    def refusal() -> tuple[int, str]:
        answer = ada.post(f"{PAGE}page/", {"packageName": CAPTIONS})
        return answer.status_code, answer.json()["message"]

    assert ada.post(f"{PAGE}page/").status_code == 404
    assert refusal() == (404, "This user does not have the app installed.")
    ada.post(f"{PAGE}install/", {"packageName": CAPTIONS})
    assert refusal() == (404, f"The app {CAPTIONS} has no page: its webview URL is empty.")
    App.objects.filter(package_name=CAPTIONS).update(webview_url="https://captions.example")
    revoke_all_keys(app=app.app)
    assert refusal() == (409, f"The app {CAPTIONS} has no working API key.")
