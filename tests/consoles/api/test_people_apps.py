"""The apps of people by REST: lists, and starts whose answer tells what became of them (rest §2 and §4)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import limits
from accounts.limits import Limit
from accounts.models import User
from apps_registry.models import App, ServerHealth
from sessions_app.app_runs.rules import RunEvent
from sessions_app.errors import OwnerUnreachable
from sessions_app.outbound import owner
from sessions_app.outbound.commands import DONE, AnyCommand, Reply, StartApp, StopApp
from sessions_app.protocol.codes import StopReason
from tests.consoles.api.conftest import Caller, Calling
from tests.support.personas import ADA, BOB, CAPTIONS, DORA, NOTES, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db

ANYBODY = Caller()
CAMERA = [{"type": "CAMERA", "level": "REQUIRED"}]
ASSISTANT = "com.example.assistant"
LISTS = {"/apps": 9, "/apps/installed": 9, "/apps/available": 9, "/client/apps": 5}


class Owner:
    """The owner of Ada's session: what it was asked, and what it replies or raises."""

    def __init__(self) -> None:
        self.reply: Reply = DONE
        self.is_gone = False
        self.asked: list[tuple[AnyCommand, float]] = []

    async def ask(self, _: str, command: AnyCommand, timeout_seconds: float, *, node_id: str) -> Reply:
        self.asked.append((command, timeout_seconds))
        if self.is_gone:
            raise OwnerUnreachable("The node is not there")
        return self.reply


@pytest.fixture
def ada() -> User:
    return make_user(ADA)


@pytest.fixture
def session_owner(ada: User, monkeypatch: pytest.MonkeyPatch) -> Owner:
    """Ada's phone is connected."""
    played = Owner()
    connect_phone(ada)
    monkeypatch.setattr(owner, "ask", played.ask)
    return played


def _post(path: str, **more: Any) -> Any:
    return Client().post(path, content_type="application/json", **more)


def packages(said: Any) -> list[str]:
    return [app["packageName"] for app in said["data"]]


def test_lists_hold_what_one_has_and_what_one_could_have(ada: User, calling: Calling) -> None:
    make_app(CAPTIONS, installed_for=[ada])
    make_app(NOTES)
    make_app("com.example.secret", published=False)
    caller = calling(ADA)
    for path, expected in {
        "/apps": [CAPTIONS],
        "/apps/": [CAPTIONS],
        "/apps/installed": [CAPTIONS],
        "/apps/available": [CAPTIONS, NOTES],
        "/apps/public": [CAPTIONS, NOTES],
        "/apps/search?query=NOTE": [NOTES],
    }.items():
        code, said = caller.get(path)
        assert (code, said["success"], packages(said)) == (200, True, expected), path
    assert caller.get("/apps/search?query=") == (
        400,
        {"success": False, "message": "Search query is required"},
    )


def test_a_list_says_what_runs_what_fails_and_what_fits(ada: User, calling: Calling) -> None:
    kinds = ("up", "down", "back", "idle", "away", "up_and_away")
    names = {kind: f"com.example.{kind}" for kind in kinds}
    for kind, package in names.items():
        app = make_app(package, hardware=CAMERA, installed_for=[ada]).app
        if kind.endswith("away"):
            ServerHealth.objects.create(app=app, url=app.public_url, is_online=False)
    ref = connect_phone(ada).ref
    for kind in ("up", "up_and_away"):
        play(ref, RunEvent.START, RunEvent.ATTACHED, package_name=names[kind])
    play(ref, RunEvent.START, RunEvent.START_FAILED, package_name=names["down"], stop_reason=StopReason.ERROR)
    back = (RunEvent.START, RunEvent.ATTACHED, RunEvent.SOCKET_LOST, RunEvent.GRACE_ENDED)
    play(ref, *back, package_name=names["back"])

    caller = Caller(calling(ADA).token)
    shown = {app["packageName"]: app for app in caller.get("/apps")[1]["data"]}
    applets = {app["packageName"]: app for app in caller.get("/client/apps")[1]["data"]}

    expected = {
        **{"up": (True, True), "down": (False, False), "back": (True, False), "idle": (False, True)},
        **{"away": (False, False), "up_and_away": (True, True)},
    }
    for name, state in expected.items():
        app, applet = shown[names[name]], applets[names[name]]
        assert (app["is_running"], app["isOnline"]) == state, name
        assert (applet["running"], applet["healthy"]) == state, name


def test_an_app_is_compared_with_the_glasses_one_usually_wears(calling: Calling) -> None:
    caller = calling(ADA)
    ada = make_user(ADA, settings={"default_wearable": "Even Realities G1"})
    make_app(NOTES, hardware=CAMERA, installed_for=[ada])
    [app] = caller.get("/apps")[1]["data"]
    assert app["compatibility"]["isCompatible"] is False
    assert [part["type"] for part in app["compatibility"]["missingRequired"]] == ["CAMERA"]


def test_a_phone_reads_its_apps_as_it_shows_them(ada: User, calling: Calling) -> None:
    app = make_app(CAPTIONS, permissions=["MICROPHONE"], hardware=CAMERA, installed_for=[ada]).app
    App.objects.filter(pk=app.pk).update(
        webview_url="https://app.example/w", logo_url="https://app.example/l"
    )
    code, said = calling(ADA).get("/client/apps")
    assert (code, said["success"], "timestamp" in said) == (200, True, True)
    [applet] = said["data"]
    installed = applet.pop("installedDate")
    assert installed
    assert applet == {
        "packageName": CAPTIONS,
        "name": "Captions",
        "webviewUrl": "https://app.example/w",
        "logoUrl": "https://app.example/l",
        "type": "standard",
        "permissions": [{"type": "MICROPHONE"}],
        "running": False,
        "healthy": True,
        "hardwareRequirements": CAMERA,
        "lastActiveAt": None,
    }


@pytest.mark.parametrize(("path", "queries"), LISTS.items())
def test_a_list_costs_the_same_however_long_it_is(
    path: str, queries: int, ada: User, calling: Calling, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ref, caller = connect_phone(ada).ref, calling(ADA)
    for number in range(4):
        app = make_app(f"com.example.app{number}", permissions=["CAMERA"], hardware=CAMERA)
        make_app(app.package_name + "x", installed_for=[ada])
        play(ref, RunEvent.START, RunEvent.ATTACHED, package_name=app.package_name + "x")
    with django_assert_num_queries(queries + 2):  # 2: who asks
        assert len(caller.get(path)[1]["data"]) >= 4


def test_one_app_is_read_installed_and_uninstalled(calling: Calling) -> None:
    make_app(CAPTIONS)
    assert ANYBODY.get(f"/apps/{CAPTIONS}")[1]["data"]["name"] == "Captions"
    caller = calling(ADA)
    for deed, code in (("install", 200), ("install", 400), ("uninstall", 200), ("uninstall", 400)):
        assert caller.post(f"/apps/{deed}/{CAPTIONS}")[0] == code
    code, said = caller.get("/apps/com.example.none")
    assert (code, said["success"]) == (404, False)


def test_a_start_that_came_about_is_told(session_owner: Owner, calling: Calling) -> None:
    make_app(CAPTIONS)
    done = {"success": True, "data": {"status": "started", "isRunning": True}}
    assert calling(ADA).post(f"/apps/{CAPTIONS}/start") == (200, done)
    assert session_owner.asked == [(StartApp(CAPTIONS), 35)]


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        ("HARDWARE_CHECK", 409),
        ("WEBHOOK", 502),
        ("CONNECTION", 502),
        ("AUTHENTICATION", 502),
        ("TIMEOUT", 504),
        ("NOT_FOUND", 404),
        ("DEPRECATED", 404),
        ("INTERNAL_ERROR", 502),
    ],
)
def test_a_start_that_failed_names_its_stage(
    stage: str, code: int, session_owner: Owner, calling: Calling
) -> None:
    make_app(CAPTIONS)
    session_owner.reply = Reply(ok=False, code=stage, message="It failed.")
    error = {"stage": stage, "message": "It failed."}
    said = {"success": False, "message": "It failed.", "error": error}
    assert calling(ADA).post(f"/apps/{CAPTIONS}/start") == (code, said)


def test_a_stop_is_one_also_where_nothing_ran(session_owner: Owner, calling: Calling) -> None:
    make_app(CAPTIONS)
    stopped = {"success": True, "data": {"status": "stopped", "isRunning": False}}
    for reply in (DONE, Reply(ok=False, code="NOT_RUNNING", message="")):
        session_owner.reply = reply
        assert calling(ADA).post(f"/apps/{CAPTIONS}/stop") == (200, stopped)
    assert session_owner.asked == [(StopApp(CAPTIONS, StopReason.USER_DISABLED), 10)] * 2
    session_owner.reply = Reply(ok=False, code="INTERNAL_ERROR", message="It failed.")
    code, said = calling(ADA).post(f"/apps/{CAPTIONS}/stop")
    assert (code, said["error"]["stage"]) == (502, "INTERNAL_ERROR")


@pytest.mark.parametrize("deed", ["start", "stop"])
def test_without_a_session_a_phone_is_told_to_connect(deed: str, calling: Calling) -> None:
    make_app(CAPTIONS)
    code, said = calling(ADA).post(f"/apps/{CAPTIONS}/{deed}")
    assert (code, said["error"]) == (503, "NO_ACTIVE_SESSION")


@pytest.mark.parametrize("deed", ["start", "stop"])
def test_an_owner_that_is_gone_is_no_session(deed: str, session_owner: Owner, calling: Calling) -> None:
    make_app(CAPTIONS)
    session_owner.is_gone = True
    code, said = calling(ADA).post(f"/apps/{CAPTIONS}/{deed}")
    assert (code, said["error"]) == (503, "NO_ACTIVE_SESSION")
    session_owner.is_gone, session_owner.reply = False, Reply(ok=False, code="NO_ACTIVE_SESSION")
    assert calling(ADA).post(f"/apps/{CAPTIONS}/{deed}")[0] == 503


def test_an_owner_that_says_nothing_is_a_start_that_took_too_long(
    session_owner: Owner, calling: Calling, settings: Any
) -> None:
    make_app(CAPTIONS)
    session_owner.is_gone, settings.APP_START_TIMEOUT_SECONDS = True, -15.0
    code, said = calling(ADA).post(f"/apps/{CAPTIONS}/start")
    assert (code, said["error"]["stage"]) == (504, "TIMEOUT")


def test_an_app_that_is_not_there_is_told_before_anybody_is_asked(
    session_owner: Owner, calling: Calling
) -> None:
    for deed in ("start", "stop"):
        code, said = calling(ADA).post(f"/apps/com.example.none/{deed}")
        assert (code, said["success"]) == (404, False)
    assert session_owner.asked == []


@pytest.fixture
def assistant(settings: Any, ada: User) -> Iterator[dict[str, str]]:
    """What a system app that Ada has shows in its queries."""
    settings.SYSTEM_APP_PACKAGES = [ASSISTANT]
    app = make_app(ASSISTANT, installed_for=[ada])
    yield {"apiKey": app.api_key, "packageName": ASSISTANT, "userId": ADA}


def test_a_system_app_lists_and_starts_for_its_user(assistant: dict[str, str], session_owner: Owner) -> None:
    make_app(CAPTIONS)
    listed = Client().get("/api/apps", assistant).json()
    assert packages(listed) == [ASSISTANT]
    query = "&".join(f"{name}={value}" for name, value in assistant.items())
    assert _post(f"/api/apps/{CAPTIONS}/start?{query}").status_code == 200
    assert _post(f"/api/apps/{CAPTIONS}/stop?{query}").status_code == 200
    assert session_owner.asked[1][0] == StopApp(CAPTIONS, StopReason.SYSTEM_STOP)


def test_other_apps_and_other_people_are_none_of_its_business(
    assistant: dict[str, str], settings: Any
) -> None:
    make_user(BOB)
    assert Client().get("/api/apps", {**assistant, "userId": BOB}).status_code == 403
    assert Client().get("/api/apps", {**assistant, "apiKey": "0" * 64}).status_code == 401
    settings.SYSTEM_APP_PACKAGES = []
    assert Client().get("/api/apps", assistant).status_code == 403


def test_the_older_addresses_lead_to_the_same(calling: Calling, session_owner: Owner) -> None:
    make_app(CAPTIONS)
    bearer = {"authorization": f"Bearer {calling(ADA).token}"}
    for path in ("/apps", "/apps/", "/apps/installed", f"/apps/{CAPTIONS}"):
        assert Client().get(path, headers=bearer).json()["success"] is True, path
    assert _post(f"/apps/{CAPTIONS}/start", headers=bearer).json()["data"]["isRunning"] is True


def test_who_starts_too_often_is_told_when_to_come_back(
    calling: Calling, session_owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_app(CAPTIONS)
    monkeypatch.setitem(limits.LIMITS, "start", Limit(1, 60, "started apps"))
    path = f"/apps/{CAPTIONS}/start"
    caller = calling(DORA)
    connect_phone(make_user(DORA))
    assert [caller.post(path)[0] for _ in range(2)] == [200, 429]
