"""Simple storage as the SDKs call it (rest §6)."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.limits import LIMITS
from apps_registry.models import AppStorage
from apps_registry.rules.storage import MOST_KEY_CHARACTERS, MOST_VALUE_UNITS
from apps_registry.services import revoke_all_keys
from tests.support.personas import (
    ADA,
    BOB,
    CAPTIONS,
    NOTES,
    RegisteredApp,
    make_app,
    make_installation,
    make_user,
)

pytestmark = pytest.mark.django_db

LONG_KEY, LONG_VALUE = "k" * (MOST_KEY_CHARACTERS + 1), "x" * (MOST_VALUE_UNITS + 1)
NO_BATCHES: list[Any] = [{}, [], "text", {"data": None}, {"data": []}, {"data": "a"}]
NO_VALUES: list[Any] = [1, None, {}, LONG_VALUE]
NO_BODIES: list[Any] = [{}, [], {"value": 1}, {"value": None}, {"value": "\ud800"}, {"value": LONG_VALUE}]
UNSTORABLE_BATCHES = [
    *((None, body) for body in NO_BATCHES),
    *((None, {"data": {"good": "1", "bad": value}}) for value in NO_VALUES),
    *((None, {"data": {"good": "1", key: "1"}}) for key in ("", LONG_KEY)),
]
UNSTORABLE_VALUES = [*(("key", body) for body in NO_BODIES), (LONG_KEY, {"value": "1"})]

Answer = tuple[int, Any]


@pytest.fixture
def captions() -> RegisteredApp:
    return make_app(CAPTIONS, installed_for=[make_user(ADA)])


def send(
    app: RegisteredApp,
    method: str,
    key: str | None = None,
    body: Any = None,
    *,
    user: str = ADA,
    bearer: str = "",
) -> HttpResponse:
    path = f"/api/sdk/simple-storage/{quote(user, safe='')}" + (
        "" if key is None else f"/{quote(key, safe='')}"
    )
    headers = {"authorization": f"Bearer {bearer or f'{app.package_name}:{app.api_key}'}"}
    text = "" if body is None else json.dumps(body)
    return Client().generic(method, path, text, "application/json", headers=headers)  # type: ignore[return-value]


def ask(*args: Any, **named: Any) -> Answer:
    answer = send(*args, **named)
    return answer.status_code, json.loads(answer.content)


def done(answer: Answer) -> bool:
    code, said = answer
    return code == 200 and sorted(said) == ["message", "success"] and said["success"] is True


def refused(answer: Answer) -> int:
    code, said = answer
    assert sorted(said) == ["error", "success"]
    assert said["success"] is False
    return code


def test_what_was_put_is_got(captions: RegisteredApp) -> None:
    assert ask(captions, "GET") == (200, {"success": True, "data": {}})
    assert done(ask(captions, "PUT", body={"data": {"theme": "dark", "counter": "7"}}))
    assert done(ask(captions, "PUT", "counter", {"value": "8"}))
    assert ask(captions, "GET") == (200, {"success": True, "data": {"theme": "dark", "counter": "8"}})
    assert ask(captions, "GET", "theme") == (200, {"success": True, "data": {"value": "dark"}})
    assert done(ask(captions, "DELETE", "theme"))
    assert refused(ask(captions, "GET", "theme")) == 404
    assert refused(ask(captions, "DELETE", "theme")) == 404
    assert done(ask(captions, "DELETE"))
    assert done(ask(captions, "DELETE"))
    assert ask(captions, "GET") == (200, {"success": True, "data": {}})


@pytest.mark.parametrize(
    "key",
    ["a/b", "/", "a?b=c#d", "ü 👓", "100%25", ".", "__proto__", "\x00", "line\n", "k" * MOST_KEY_CHARACTERS],
)
def test_keys_are_any_text(captions: RegisteredApp, key: str) -> None:
    assert done(ask(captions, "PUT", key, {"value": f" {key}\x00\n"}))
    assert ask(captions, "GET", key) == (200, {"success": True, "data": {"value": f" {key}\x00\n"}})
    assert ask(captions, "GET") == (200, {"success": True, "data": {key: f" {key}\x00\n"}})
    assert done(ask(captions, "DELETE", key))


def test_apps_and_people_are_kept_apart(captions: RegisteredApp) -> None:
    notes = make_app(NOTES, installed_for=[make_user(ADA)])
    make_installation(make_user(BOB), captions.app)
    ask(captions, "PUT", "mine", {"value": "1"})
    for app, user in ((notes, ADA), (captions, BOB)):
        assert ask(app, "GET", user=user) == (200, {"success": True, "data": {}})
        assert done(ask(app, "DELETE", user=user))
    assert ask(captions, "GET", user=ADA.upper())[1]["data"] == {"mine": "1"}


def test_only_for_who_has_the_app(captions: RegisteredApp) -> None:
    make_user(BOB)
    for user in (BOB, "nobody@example.com", "x", "\x00"):
        for method, key, body in (
            ("GET", None, None),
            ("PUT", None, {"data": {"a": "1"}}),
            ("DELETE", None, None),
            ("GET", "a", None),
            ("PUT", "a", {"value": "1"}),
            ("DELETE", "a", None),
        ):
            assert refused(ask(captions, method, key, body, user=user)) == 403
    assert not AppStorage.objects.exists()


def test_only_with_a_key_of_the_app(captions: RegisteredApp) -> None:
    notes = make_app(NOTES)
    for bearer in ("x", f"{CAPTIONS}:", f"{CAPTIONS}:{notes.api_key}", f"{NOTES}:{captions.api_key}"):
        code, said = ask(captions, "GET", bearer=bearer)
        assert (code, sorted(said)) == (401, ["error", "message"])
    named = {"data": {"a": "1"}, "packageName": NOTES}
    assert done(ask(captions, "PUT", body=named))
    revoke_all_keys(app=captions.app)
    assert ask(captions, "GET")[0] == 401


@pytest.mark.parametrize(("key", "body"), [*UNSTORABLE_BATCHES, *UNSTORABLE_VALUES])
def test_what_cannot_be_stored(captions: RegisteredApp, key: str | None, body: Any) -> None:
    assert refused(ask(captions, "PUT", key, body)) == 400
    assert not AppStorage.objects.exists()


def test_more_than_there_is_room_for(captions: RegisteredApp) -> None:
    # As JSON this is nearly twice as long; it is taken in one call all the same.
    full = {f"k{number}": '"' * MOST_VALUE_UNITS for number in range(10)}
    assert done(ask(captions, "PUT", body={"data": full}))
    assert refused(ask(captions, "PUT", "more", {"value": "x" * MOST_VALUE_UNITS})) == 413
    assert (
        refused(
            ask(
                captions,
                "PUT",
                body={"data": {"k0": "", **{f"m{n}": "x" * MOST_VALUE_UNITS for n in range(2)}}},
            )
        )
        == 413
    )
    assert ask(captions, "GET")[1]["data"] == full
    assert refused(ask(captions, "PUT", body={"data": {}, "pad": "x" * (3 * 1024 * 1024)})) == 413


def test_a_hundred_calls_a_minute(captions: RegisteredApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.limits.time.time", lambda: 1_700_000_415.0)
    make_installation(make_user(BOB), captions.app)
    assert LIMITS["storage"].most == 100
    for number in range(50):
        assert ask(captions, "GET")[0] == 200
        assert ask(captions, "PUT", "a", {"value": number})[0] == 400
    answer = send(captions, "DELETE")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "45")
    assert refused((429, json.loads(answer.content))) == 429
    assert ask(captions, "GET", user=BOB)[0] == 200
