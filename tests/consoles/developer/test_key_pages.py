"""Keys and the webhook secret of an app in the console: shown once, rolled, revoked, never of strangers."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.limits import LIMITS, Limit
from accounts.rules import Role
from apps_registry.models import ApiKey, App
from apps_registry.rules import KeyState, hash_api_key
from apps_registry.selectors import find_valid_key
from apps_registry.services import create_api_key, roll_api_key
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, CAPTIONS, DORA, RegisteredApp, make_app

pytestmark = pytest.mark.django_db

SECRET = re.compile(r'id="secret">([0-9a-f]{64})<')


@pytest.fixture
def made() -> RegisteredApp:
    return make_app()


def page(app: App, end: str = "") -> str:
    return f"/console/apps/{app.pk}/keys/{end}"


def shown(browser: Client, path: str, **form: str) -> str:
    """Post a form and return the secret that the answer shows and nothing keeps."""
    answer = browser.post(path, form)
    found = SECRET.search(answer.content.decode())
    assert found, answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert found[1] not in str(browser.cookies) + str(dict(browser.session))
    return found[1]


def test_a_key_is_shown_once_and_kept_nowhere(browsing: Browsing, made: RegisteredApp) -> None:
    dora = browsing(DORA)
    plain = shown(dora, page(made.app), name="server")
    key = ApiKey.objects.get(digest=hash_api_key(plain))
    assert (key.app, key.name, str(key.created_by)) == (made.app, "server", DORA)
    text = dora.get(page(made.app)).content.decode()
    assert plain not in text
    assert f"{plain[:8]}…" in text
    assert f"by {DORA}" in text


def test_both_keys_of_a_roll_are_listed_with_their_state(browsing: Browsing, made: RegisteredApp) -> None:
    dora, old = browsing(DORA), ApiKey.objects.get()
    assert "Roll the key" in dora.get(page(made.app, f"{old.pk}/roll/")).content.decode()
    plain = shown(dora, page(made.app, f"{old.pk}/roll/"), overlap="24h")
    assert find_valid_key(CAPTIONS, plain)
    assert find_valid_key(CAPTIONS, made.api_key)
    text = dora.get(page(made.app)).content.decode()
    assert text.count("/roll/") == 1, "an ending key is not rolled again"
    assert "Ending" in text
    assert "Live" in text
    ApiKey.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    assert "Ended" in dora.get(page(made.app)).content.decode()


def test_a_roll_that_is_refused_says_why(browsing: Browsing, made: RegisteredApp) -> None:
    key = ApiKey.objects.get()
    roll_api_key(key=key, overlap=timedelta(hours=1))
    dora = browsing(DORA)
    said = dora.post(page(made.app, f"{key.pk}/roll/"), {"overlap": "1h"}).content.decode()
    assert "cannot be rolled" in said
    assert "valid choice" in dora.post(page(made.app, f"{key.pk}/roll/"), {"overlap": "9y"}).content.decode()


def test_a_key_is_renamed_and_after_a_question_revoked(browsing: Browsing, made: RegisteredApp) -> None:
    dora, key = browsing(DORA), ApiKey.objects.get()
    dora.post(page(made.app, f"{key.pk}/rename/"), {"name": "server"})
    assert "closed at once" in dora.get(page(made.app, f"{key.pk}/revoke/")).content.decode()
    key.refresh_from_db()
    assert (key.name, key.state) == ("server", KeyState.LIVE)
    dora.post(page(made.app, f"{key.pk}/revoke/"))
    key.refresh_from_db()
    assert key.state is KeyState.REVOKED
    text = dora.get(page(made.app)).content.decode()
    assert "Revoked" in text
    assert "No key works now" in text


def test_the_webhook_secret_is_masked_and_shown_when_it_is_rolled(
    browsing: Browsing, made: RegisteredApp
) -> None:
    dora = browsing(DORA)
    assert made.webhook_secret not in dora.get(page(made.app)).content.decode()
    plain = shown(dora, page(made.app, "webhook-secret/"), overlap="7d")
    made.app.refresh_from_db()
    assert made.app.webhook_secrets == (plain, made.webhook_secret)
    text = dora.get(page(made.app)).content.decode()
    assert f"{plain[:8]}…" in text
    assert f"{made.webhook_secret[:8]}…" in text
    assert plain not in text


def test_too_many_keys_are_refused_with_a_sentence(
    browsing: Browsing, made: RegisteredApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "api_key", Limit(1, 3600, "made API keys"))
    dora = browsing(DORA)
    shown(dora, page(made.app))
    assert "made API keys too often" in dora.post(page(made.app)).content.decode()


def test_strangers_and_viewers_change_nothing(
    browsing: Browsing, member: Member, made: RegisteredApp
) -> None:
    key = ApiKey.objects.get()
    viewer, bob = member(made.app.organization, Role.VIEWER), browsing(BOB)
    seen = viewer.get(page(made.app)).content.decode()
    assert key.prefix in seen
    assert "Revoke" not in seen
    assert "Make key" not in seen
    assert bob.get(page(made.app)).status_code == 404
    for browser in (viewer, bob):
        assert browser.post(page(made.app)).status_code == 404
        assert browser.get(page(made.app, f"{key.pk}/roll/")).status_code == 404
        for end in (f"{key.pk}/roll/", f"{key.pk}/revoke/", f"{key.pk}/rename/", "webhook-secret/"):
            form = {"overlap": "now", "name": "mine"}
            assert browser.post(page(made.app, end), form).status_code == 404
    key.refresh_from_db()
    assert (key.state, key.name, ApiKey.objects.count()) == (KeyState.LIVE, "tests", 1)


def test_a_key_is_reached_by_its_own_app_only(browsing: Browsing, made: RegisteredApp) -> None:
    other = make_app("com.example.other")
    key = ApiKey.objects.get(app=other.app)
    assert browsing(DORA).post(page(made.app, f"{key.pk}/revoke/")).status_code == 404


def test_the_list_costs_the_same_for_any_number_of_keys(
    browsing: Browsing, made: RegisteredApp, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dora = browsing(DORA)
    dora.get(page(made.app))
    with django_assert_num_queries(6):
        dora.get(page(made.app))
    for _ in range(10):
        roll_api_key(key=create_api_key(app=made.app)[0], overlap=timedelta(0))
    with django_assert_num_queries(6):
        dora.get(page(made.app))
