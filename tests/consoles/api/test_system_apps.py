"""System apps act for people who have them: their list of apps, starts, stops, tools (rest §6)."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from apps_registry.services import update_app
from sessions_app.app_runs import tool_calls
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.outbound import owner
from sessions_app.outbound.commands import DONE, AnyCommand, Reply, StartApp, StopApp
from sessions_app.protocol.codes import StopReason
from tests.support.personas import ADA, CAPTIONS, NOTES, RegisteredApp, make_app, make_user
from tests.support.sessions import connect_phone

pytestmark = pytest.mark.django_db

ASSISTANT = "com.example.assistant"
TOOL = {"id": "add_note", "description": "Adds a note"}


class SystemApp:
    """A system app that asks for Ada."""

    def __init__(self, app: RegisteredApp) -> None:
        self.shown = {"apiKey": app.api_key, "packageName": app.package_name, "userId": ADA}

    def ask(self, method: str, path: str, body: Any = None, **shown: str) -> tuple[int, Any]:
        said = {name: value for name, value in {**self.shown, **shown}.items() if value}
        address = f"/api/sdk/system-app{path}?{urlencode(said)}"
        text = "" if body is None else json.dumps(body)
        answer = Client().generic(method, address, text, "application/json")
        return answer.status_code, answer.json()


@pytest.fixture
def assistant(settings: Any) -> SystemApp:
    settings.SYSTEM_APP_PACKAGES = [ASSISTANT]
    ada = make_user(ADA)
    notes = make_app(NOTES, installed_for=[ada])
    update_app(app=notes.app, tools=[TOOL])
    make_app(CAPTIONS)
    return SystemApp(make_app(ASSISTANT, installed_for=[ada]))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[AnyCommand]:
    """Ada's session is live and its owner does as asked, but for what cannot run."""
    commands: list[AnyCommand] = []
    connect_phone(make_user(ADA))

    async def ask(session_id: str, command: AnyCommand, timeout_seconds: float, *, node_id: str) -> Reply:
        commands.append(command)
        assert timeout_seconds == (35 if isinstance(command, StartApp) else 10)
        if isinstance(command, StartApp):
            return DONE
        return Reply(ok=False, code="NOT_RUNNING", message="The app does not run")

    monkeypatch.setattr(owner, "ask", ask)
    return commands


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> list[HookAnswer]:
    """What the server of an app answers next."""
    answers = [HookAnswer(200, body=b'{"status": "success", "reply": "added"}')]

    async def post(*_: object, **__: object) -> HookAnswer:
        return answers[-1]

    monkeypatch.setattr(tool_calls, "post_once", post)
    return answers


def test_it_lists_what_its_user_has(assistant: SystemApp) -> None:
    code, said = assistant.ask("GET", "/apps")
    assert code == 200
    listed = {app["packageName"]: app for app in said["data"]}
    assert sorted(listed) == [ASSISTANT, NOTES]
    assert listed[NOTES]["is_running"] is False
    assert listed[NOTES]["compatibility"]["isCompatible"] is True
    tools = [{**TOOL, "appPackageName": NOTES}]
    assert assistant.ask("GET", "/tools") == (200, {"success": True, "data": tools})
    assert assistant.ask("GET", f"/apps/{NOTES}/tools") == (200, {"success": True, "data": [TOOL]})
    assert assistant.ask("GET", f"/apps/{CAPTIONS}/tools")[0] == 403
    assert assistant.ask("GET", "/apps/com.example.none/tools")[0] == 404


def test_it_starts_and_stops_apps(assistant: SystemApp, asked: list[AnyCommand]) -> None:
    assert assistant.ask("POST", f"/{NOTES}/start")[0] == 200
    stopped = {"success": True, "message": "App is not running"}
    assert assistant.ask("POST", f"/{NOTES}/stop") == (200, stopped)
    assert assistant.ask("POST", f"/{CAPTIONS}/start")[0] == 403
    assert asked == [StartApp(NOTES), StopApp(NOTES, StopReason.SYSTEM_STOP)]


def test_a_start_without_a_session_is_503(assistant: SystemApp) -> None:
    code, said = assistant.ask("POST", f"/{NOTES}/start")
    assert (code, said["error"]) == (503, "NO_ACTIVE_SESSION")


@pytest.mark.parametrize(
    ("stage", "code"), [("WEBHOOK", 502), ("CONNECTION", 502), ("TIMEOUT", 504), ("HARDWARE_CHECK", 409)]
)
def test_a_start_that_fails_names_the_hop(
    stage: str, code: int, assistant: SystemApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_phone(make_user(ADA))

    async def ask(*_: object, **__: object) -> Reply:
        return Reply(ok=False, code=stage, message="It failed.")

    monkeypatch.setattr(owner, "ask", ask)
    said = {"success": False, "error": "It failed.", "code": stage}
    assert assistant.ask("POST", f"/{NOTES}/start") == (code, said)


def test_it_calls_tools_by_either_address(assistant: SystemApp, server: list[HookAnswer]) -> None:
    done = {"success": True, "data": {"status": "success", "reply": "added"}}
    order = {"toolId": "add_note", "toolParameters": {"text": "milk"}}
    assert assistant.ask("POST", f"/apps/{NOTES}/tool", order) == (200, done)
    invocation = {"targetPackageName": NOTES, "toolId": "add_note", "parameters": {"text": "milk"}}
    assert assistant.ask("POST", "/invoke-tool", invocation) == (200, done)
    assert assistant.ask("POST", "/invoke-tool", {**invocation, "targetPackageName": CAPTIONS})[0] == 403
    server.append(HookAnswer(500, body=b'{"status": "error", "message": "no such list"}'))
    code, said = assistant.ask("POST", "/invoke-tool", invocation)
    assert (code, said["code"], said["error"]) == (500, "APP_ERROR", "no such list")
    server.append(HookAnswer(None, "no answer within 25 s", timed_out=True))
    code, said = assistant.ask("POST", "/invoke-tool", invocation)
    assert (code, said["code"], said["success"]) == (504, "TIMEOUT", False)


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ({"userId": ""}, 400),
        ({"userId": "nobody@example.com"}, 403),
        ({"apiKey": "0" * 64}, 401),
        ({"apiKey": ""}, 401),
        ({"packageName": NOTES}, 401),
    ],
)
def test_who_may_not_ask_is_refused(shown: dict[str, str], code: int, assistant: SystemApp) -> None:
    assert assistant.ask("GET", "/apps", **shown)[0] == code


def test_an_app_that_is_not_listed_is_refused(assistant: SystemApp, settings: Any) -> None:
    settings.SYSTEM_APP_PACKAGES = []
    code, said = assistant.ask("GET", "/apps")
    assert (code, said["success"]) == (403, False)
