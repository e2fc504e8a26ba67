"""Settings of apps by REST: what a phone shows and stores, what an app's server may read (rest §4.1, P-63)."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import limits
from accounts.limits import Limit
from accounts.models import User
from apps_registry.selectors import setting_values
from sessions_app.app_runs.rules import RunEvent
from tests.consoles.api.conftest import Caller, Calling
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, RegisteredApp, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db

GROUP = {"type": "group", "title": "Look"}
SIZE = {"type": "slider", "key": "size", "label": "Size", "min": 8, "max": 20, "defaultValue": 12}
NICK = {"type": "text", "key": "nick", "label": "Nickname"}
PATH = f"/appsettings/{CAPTIONS}"
SERVER = f"/appsettings/user/{CAPTIONS}"


@pytest.fixture
def ada() -> User:
    return make_user(ADA)


@pytest.fixture
def app(ada: User) -> RegisteredApp:
    return make_app(settings=[GROUP, SIZE, NICK], permissions=["MICROPHONE"], installed_for=[ada])


def test_a_phone_reads_definitions_with_what_is_selected(app: RegisteredApp, calling: Calling) -> None:
    caller = calling(ADA)
    assert caller.post(PATH, {"key": "nick", "value": "Ada"})[0] == 200
    code, said = caller.get(PATH)
    assert code == 200
    assert said["settings"] == [GROUP, {**SIZE, "selected": 12}, {**NICK, "selected": "Ada"}]
    assert (said["success"], said["userId"], said["name"]) == (True, ADA, "Captions")
    assert (said["uninstallable"], said["version"]) == (True, "1")
    assert said["permissions"] == [{"type": "MICROPHONE"}]
    assert said["organization"]["name"]
    assert app.webhook_secret not in str(said)


@pytest.mark.parametrize("path", [PATH, SERVER])
def test_reading_costs_a_fixed_number_of_queries(
    path: str, app: RegisteredApp, calling: Calling, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    caller = calling(ADA)
    if path == SERVER:
        play(connect_phone(make_user(ADA)).ref, RunEvent.START, RunEvent.ATTACHED)
        caller = Caller(f"{ADA}-{CAPTIONS}")
    with django_assert_num_queries(7 if path == PATH else 3):
        assert caller.get(path)[0] == 200


def test_settings_are_stored_together_or_not_at_all(app: RegisteredApp, calling: Calling, ada: User) -> None:
    caller = calling(ADA)
    done = {"success": True, "message": "Settings updated successfully"}
    assert caller.post(PATH, [{"key": "size", "value": 14}, {"key": "nick", "value": "Ada"}]) == (200, done)
    code, said = caller.post(PATH, [{"key": "nick", "value": "Eve"}, {"key": "size", "value": "big"}])
    assert (code, said) == (
        400,
        {
            "success": False,
            "message": '"size" must be a number.',
            "code": "INVALID_SETTING_VALUE",
            "key": "size",
        },
    )
    assert {entry["key"]: entry["value"] for entry in setting_values(ada, CAPTIONS)} == {
        "size": 14,
        "nick": "Ada",
    }


@pytest.mark.parametrize("body", [None, 7, "x", [7], [{"value": 1}], {"key": ""}, [{"key": "k"}] * 501])
def test_what_is_no_list_of_settings_is_refused(app: RegisteredApp, calling: Calling, body: Any) -> None:
    code, said = calling(ADA).post(PATH, body)
    assert (code, said["success"]) == (400, False)


def test_settings_of_an_app_one_does_not_have_are_not_stored(app: RegisteredApp, calling: Calling) -> None:
    assert calling(BOB).post(PATH, {"key": "nick", "value": "Bob"})[0] == 403
    assert calling(BOB).get(PATH)[1]["settings"][1]["selected"] == 12
    for method in ("GET", "POST"):
        assert calling(BOB).send(method, "/appsettings/com.example.none", {"key": "k"})[0] == 404


def test_a_running_session_is_what_a_server_shows(app: RegisteredApp, calling: Calling, ada: User) -> None:
    calling(ADA).post(PATH, {"key": "size", "value": 14})
    server = Caller(f"{ADA.upper()}-{CAPTIONS}")
    assert server.get(SERVER)[0] == 401
    ref = connect_phone(ada).ref
    play(ref, RunEvent.START, RunEvent.ATTACHED)
    assert server.get(SERVER) == (200, {"success": True, "settings": [{**SIZE, "value": 14}, NICK]})
    play(ref, RunEvent.STOP)
    code, said = server.get(SERVER)
    assert (code, sorted(said)) == (401, ["error", "message"])


@pytest.mark.parametrize(
    "token", [ADA, f"{ADA}-{NOTES}", f"{BOB}-{CAPTIONS}", f"-{CAPTIONS}", f"{ADA}{CAPTIONS}", "x\x00"]
)
def test_no_other_word_opens_settings(token: str, app: RegisteredApp, ada: User) -> None:
    make_app(NOTES, installed_for=[ada])
    ref = connect_phone(ada).ref
    for package in (CAPTIONS, NOTES):
        play(ref, RunEvent.START, RunEvent.ATTACHED, package_name=package)
    assert Caller(token).get(SERVER)[0] == 401
    assert Caller(f"{ADA}-%00").get("/appsettings/user/%00")[0] == 401


def test_a_server_may_show_its_key_instead(app: RegisteredApp, ada: User) -> None:
    server = Caller(f"{CAPTIONS}:{app.api_key}")
    assert server.get(f"{SERVER}?userId={ADA}")[1]["settings"] == [{**SIZE, "value": 12}, NICK]
    assert server.get(SERVER)[0] == 400
    assert server.get(f"{SERVER}?userId={BOB}")[0] == 403
    make_app(NOTES, installed_for=[ada])
    assert server.get(f"/appsettings/user/{NOTES}?userId={ADA}")[0] == 403
    assert Caller(f"{CAPTIONS}:{'0' * 64}").get(f"{SERVER}?userId={ADA}")[0] == 401


def test_guessing_and_reading_are_counted(
    app: RegisteredApp, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(connect_phone(ada).ref, RunEvent.START, RunEvent.ATTACHED)
    for kind in ("session_guess", "settings_read"):
        monkeypatch.setitem(limits.LIMITS, kind, Limit(1, 60, "asked"))
    assert [Caller(f"{BOB}-{CAPTIONS}").get(SERVER)[0] for _ in range(2)] == [401, 429]
    assert [Caller(f"{ADA}-{CAPTIONS}").get(SERVER)[0] for _ in range(2)] == [200, 429]


def test_the_older_addresses_lead_to_the_same(app: RegisteredApp, calling: Calling) -> None:
    bearer = {"authorization": f"Bearer {calling(ADA).token}"}
    for name in ("appsettings", "tpasettings"):
        assert Client().get(f"/{name}/{CAPTIONS}", headers=bearer).json()["userId"] == ADA
        assert Client().get(f"/{name}/user/{CAPTIONS}").status_code == 401
