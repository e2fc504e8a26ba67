"""API keys in the console: shown once, revoked, never of strangers."""

import re

import pytest
from django.test import Client

from apps_registry.models import ApiKey
from apps_registry.rules import hash_api_key
from tests.consoles.conftest import Browsing
from tests.support.personas import BOB, DORA, make_app

pytestmark = pytest.mark.django_db

LIST = "/console/apps_registry/apikey/"


def make_key(browser: Client, app_pk: int) -> str:
    """Make a key with the form and return what the page shows."""
    text = browser.post(f"{LIST}add/", {"app": str(app_pk), "name": "server"}).content.decode()
    found = re.search(r'id="secret">([0-9a-f]{64})<', text)
    assert found, text
    return found[1]


def test_a_key_is_shown_once_and_kept_nowhere(browsing: Browsing) -> None:
    app = make_app().app
    dora = browsing(DORA)
    plain = make_key(dora, app.pk)
    key = ApiKey.objects.get(digest=hash_api_key(plain))
    assert (key.app, key.name) == (app, "server")
    for page in (LIST, f"{LIST}{key.pk}/change/", f"/console/apps_registry/app/{app.pk}/change/"):
        assert plain not in dora.get(page).content.decode()
    assert plain not in str(dora.cookies)
    assert plain not in str(dict(dora.session))


def test_the_page_with_the_key_is_not_cached(browsing: Browsing) -> None:
    app = make_app().app
    answer = browsing(DORA).post(f"{LIST}add/", {"app": str(app.pk)})
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_key_is_revoked_from_the_list(browsing: Browsing) -> None:
    app = make_app().app
    dora = browsing(DORA)
    plain = make_key(dora, app.pk)
    key = ApiKey.objects.get(digest=hash_api_key(plain))
    dora.post(LIST, {"action": "revoke", "_selected_action": str(key.pk)})
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_strangers_neither_see_make_nor_revoke_keys(browsing: Browsing) -> None:
    app = make_app().app
    key = ApiKey.objects.get(app=app)
    bob = browsing(BOB)
    assert key.prefix not in bob.get(LIST).content.decode()
    bob.post(LIST, {"action": "revoke", "_selected_action": str(key.pk)})
    bob.post(f"{LIST}add/", {"app": str(app.pk)})
    assert list(ApiKey.objects.values_list("pk", "revoked_at")) == [(key.pk, None)]
