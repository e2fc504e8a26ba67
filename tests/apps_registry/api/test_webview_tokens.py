"""One-time tokens of web pages: who gets them, who exchanges them, how often (rest §3)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from accounts.limits import LIMITS, Limit
from accounts.services import log_out_everywhere
from accounts.tokens import issue_core_token, read_core_token
from apps_registry.api import webview_tokens as views
from apps_registry.models import WebviewToken
from apps_registry.rules import judge_webview_token
from apps_registry.services import forget_webview_tokens, make_webview_token, revoke_all_keys
from apps_registry.services import webview_tokens as service
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, RegisteredApp, make_app, make_token, make_user

pytestmark = pytest.mark.django_db

STORE = "org.augmentos.store"


@pytest.fixture
def captions() -> RegisteredApp:
    return make_app(CAPTIONS)


def ask(what: str, bearer: str, body: Any, prefix: str = "/api/auth") -> tuple[int, dict[str, Any]]:
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    answer = Client().post(f"{prefix}/{what}", json.dumps(body), "application/json", headers=headers)
    return answer.status_code, answer.json()


def temp_token(email: str = ADA, package: str = CAPTIONS) -> str:
    return make_webview_token(user=make_user(email), package=package)


def exchange(bearer: str, token: str, package: str = CAPTIONS) -> tuple[int, dict[str, Any]]:
    return ask("exchange-user-token", bearer, {"aos_temp_token": token, "packageName": package})


def refused(code: str) -> tuple[int, str]:
    return 401, code


def outcome(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    code, said = answer
    assert said["success"] is False
    assert said["error"]
    return code, said["code"]


@pytest.mark.parametrize("prefix", ["/api/auth", "/auth"])
@pytest.mark.parametrize("names_package", [True, False])
def test_from_a_phone_to_an_apps_server(captions: RegisteredApp, prefix: str, names_package: bool) -> None:
    code, made = ask("generate-webview-token", make_token(ADA), {"packageName": CAPTIONS}, prefix)
    assert (code, made["success"], len(made["token"])) == (200, True, 64)
    assert not WebviewToken.objects.filter(digest=made["token"]).exists()

    bearer = f"{CAPTIONS}:{captions.api_key}" if names_package else captions.api_key
    body = {"aos_temp_token": made["token"], "packageName": CAPTIONS}
    assert ask("exchange-user-token", bearer, body, prefix) == (200, {"success": True, "userId": ADA})
    assert outcome(ask("exchange-user-token", bearer, body, prefix)) == refused("token_used")


def test_only_apps_one_could_install() -> None:
    make_app(NOTES, published=False)
    for package in (NOTES, "com.example.none", "no package"):
        code, said = ask("generate-webview-token", make_token(BOB), {"packageName": package})
        assert (code, said["success"], "error" in said) == (404, False, True)
    assert not WebviewToken.objects.exists()


def test_what_is_not_exchanged(captions: RegisteredApp) -> None:
    make_app(NOTES)
    assert outcome(exchange(captions.api_key, "0" * 64)) == refused("token_not_found")

    foreign = temp_token(package=NOTES)
    assert outcome(exchange(captions.api_key, foreign)) == refused("token_package_mismatch")
    named = f"{CAPTIONS}:{captions.api_key}"
    assert outcome(exchange(named, foreign, NOTES)) == refused("token_package_mismatch")
    assert WebviewToken.objects.get().used_at is None

    late = temp_token()
    WebviewToken.objects.update(expires_at=timezone.now())
    assert outcome(exchange(captions.api_key, late)) == refused("token_expired")


def test_a_key_that_is_not_the_apps_opens_nothing(captions: RegisteredApp) -> None:
    notes, token = make_app(NOTES), temp_token()
    for bearer in (
        "",
        "x",
        notes.api_key,
        f"{CAPTIONS}:{notes.api_key}",
        f"{CAPTIONS}:",
        f":{captions.api_key}",
    ):
        code, said = exchange(bearer, token)
        assert (code, sorted(said)) == (401, ["error", "message"])
    revoke_all_keys(app=captions.app)
    assert exchange(captions.api_key, token)[0] == 401
    assert WebviewToken.objects.get().used_at is None


@pytest.mark.parametrize(
    "body", [{}, [], {"packageName": CAPTIONS}, {"packageName": 1, "aos_temp_token": []}]
)
def test_what_cannot_be_read(captions: RegisteredApp, body: Any) -> None:
    code, said = ask("exchange-user-token", f"{CAPTIONS}:{captions.api_key}", body)
    assert (code, said["success"], "error" in said) == (400, False, True)


def test_of_two_at_once_one_gets_it(captions: RegisteredApp, monkeypatch: pytest.MonkeyPatch) -> None:
    token, judge = temp_token(), judge_webview_token

    def judge_while_another_is_quicker(**facts: Any) -> Any:
        WebviewToken.objects.update(used_at=timezone.now())
        return judge(**facts)

    monkeypatch.setattr(service, "judge_webview_token", judge_while_another_is_quicker)
    assert outcome(exchange(captions.api_key, token)) == refused("token_used")


def test_who_was_shut_out_is_not_named(captions: RegisteredApp) -> None:
    first, ada = temp_token(), make_user(ADA)
    log_out_everywhere(user=ada)
    assert outcome(exchange(captions.api_key, first)) == refused("token_expired")

    ada.logged_out_at, ada.is_active = None, False
    ada.save()
    assert outcome(exchange(captions.api_key, first)) == refused("token_expired")


def test_a_database_that_fails_is_said(captions: RegisteredApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**named: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(views, "spend_webview_token", fail)
    assert outcome(exchange(captions.api_key, "0" * 64)) == (500, "exchange_error")


@pytest.mark.parametrize("prefix", ["/api/auth", "/auth", "/api/store/auth"])
def test_the_store_gets_a_core_token(prefix: str) -> None:
    body = {"aos_temp_token": temp_token(package=STORE), "packageName": STORE}

    code, said = ask("exchange-store-token", "", body, prefix)

    assert (code, said["success"], said["userId"]) == (200, True, ADA)
    assert sorted(said["tokens"]) == ["coreToken", "supabaseToken"]
    assert read_core_token(said["tokens"]["coreToken"]).email == ADA
    assert outcome(ask("exchange-store-token", "", body, prefix)) == refused("token_used")


def test_no_other_package_gets_a_core_token(captions: RegisteredApp) -> None:
    for_captions, for_store = temp_token(), temp_token(package=STORE)
    for token in (for_captions, for_store):
        code, said = ask("exchange-store-token", "", {"aos_temp_token": token, "packageName": CAPTIONS})
        assert (code, said["success"]) == (403, False)
    body = {"aos_temp_token": for_captions, "packageName": STORE}
    assert outcome(ask("exchange-store-token", "", body)) == refused("token_package_mismatch")


def test_the_stores_name_is_for_operators() -> None:
    body = {"packageName": STORE, "name": "Store", "publicUrl": "https://app.example"}

    def register(email: str, *, staff: bool) -> int:
        headers = {"authorization": f"Bearer {issue_core_token(make_user(email, staff=staff))}"}
        return Client().post("/api/console/apps", body, "application/json", headers=headers).status_code

    assert register(BOB, staff=False) == 409
    assert register(ADA, staff=True) == 201


def test_old_tokens_are_forgotten(captions: RegisteredApp) -> None:
    temp_token()
    WebviewToken.objects.update(expires_at=timezone.now() - timedelta(minutes=2))
    temp_token()
    assert forget_webview_tokens() == 1
    assert WebviewToken.objects.count() == 1


def test_too_often_is_too_often(captions: RegisteredApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "webview", Limit(0, 3600, "opened pages of apps"))
    monkeypatch.setitem(LIMITS, "user_exchange", Limit(0, 3600, "asked for users"))
    assert ask("generate-webview-token", make_token(ADA), {"packageName": CAPTIONS})[0] == 429
    assert exchange(captions.api_key, "0" * 64)[0] == 429
