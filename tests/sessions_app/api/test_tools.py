"""Tools of apps, as phones and system apps call them (rest §4.2)."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.limits import HOUR, LIMITS, Limit
from apps_registry.services import update_app
from sessions_app.app_runs import tool_calls
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.models import WebhookCall
from sessions_app.outbound.guard import Failure
from tests.sessions_app.api.conftest import Ask
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, RegisteredApp, make_app, make_user

pytestmark = pytest.mark.django_db

TOOL = {
    "id": "add_note",
    "description": "Adds a note",
    "parameters": {"text": {"type": "string", "description": "What", "required": True}},
}
DONE = {"status": "success", "reply": "added"}
CALL = f"/api/tools/apps/{NOTES}/tool"


class Server:
    """The server of an app: what it is asked, what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer = HookAnswer(200, body=json.dumps(DONE).encode())

    async def post(
        self, url: str, path: str, body: Any, *, secrets: Any, timeout_seconds: float
    ) -> HookAnswer:
        assert secrets
        assert timeout_seconds == 25
        said = {"toolId": body.tool_id, "toolParameters": body.tool_parameters, "userId": body.user_id}
        self.asked.append((url + path, said))
        return self.answer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    known = Server()
    monkeypatch.setattr(tool_calls, "post_once", known.post)
    return known


@pytest.fixture
def notes() -> RegisteredApp:
    """An app with a tool, which Ada has."""
    made = make_app(NOTES, installed_for=[make_user(ADA)])
    update_app(app=made.app, tools=[TOOL])
    return made


def call(tool_id: str = "add_note", user: str = ADA, **parameters: Any) -> dict[str, Any]:
    return {"toolId": tool_id, "toolParameters": parameters, "userId": user}


def test_a_person_calls_a_tool_and_gets_what_the_app_answers(
    notes: RegisteredApp, server: Server, ask: Ask
) -> None:
    assert ask("POST", CALL, call(text="milk", user="Ada@Example.com")) == (200, DONE)
    assert server.asked == [(f"{notes.app.public_url}/tool", call(text="milk"))]
    assert ask("POST", CALL, {"toolId": "add_note", "userId": ADA})[0] == 200


def test_tools_are_listed_of_one_app_and_of_all_installed(notes: RegisteredApp, ask: Ask) -> None:
    make_app(CAPTIONS)
    assert ask("GET", f"/api/tools/apps/{NOTES}/tools") == (200, [TOOL])
    assert ask("GET", f"/api/tools/users/{ADA}/tools") == (200, [{**TOOL, "appPackageName": NOTES}])
    assert ask("GET", f"/api/tools/users/{BOB}/tools", email=BOB) == (200, [])
    assert ask("GET", f"/api/tools/users/{ADA}/tools", email=BOB)[0] == 403
    assert ask("GET", "/api/tools/apps/com.example.none/tools")[0] == 404


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize(
    ("body", "email", "code"),
    [
        (call(user=BOB), ADA, 403),
        (call(user=BOB), BOB, 403),
        (call("none"), ADA, 404),
        ({"toolId": "add_note"}, ADA, 400),
        ({"userId": ADA}, ADA, 400),
        ({**call(), "toolParameters": ["milk"]}, ADA, 400),
        ({**call(), "toolParameters": {"text": "\ud800"}}, ADA, 400),
    ],
)
def test_what_nobody_may_call_is_refused(
    body: dict[str, Any], email: str, code: int, server: Server, ask: Ask
) -> None:
    answered, said = ask("POST", CALL, body, email=email)
    assert (answered, sorted(said), said["error"]) == (code, ["error", "message"], True)
    assert server.asked == []


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize(
    ("answer", "code", "failure"),
    [
        (
            HookAnswer(None, "no answer within 25 s", timed_out=True, failure=Failure.TIMED_OUT),
            504,
            "TIMEOUT",
        ),
        (HookAnswer(None, "nobody listens", failure=Failure.NOBODY_LISTENS), 502, "UNREACHABLE"),
        (HookAnswer(200, body=b"<html>"), 502, "BAD_ANSWER"),
        (HookAnswer(302, body=b"{}"), 502, "BAD_ANSWER"),
    ],
)
def test_a_server_without_an_answer_is_named(
    answer: HookAnswer, code: int, failure: str, server: Server, ask: Ask
) -> None:
    server.answer = answer
    answered, said = ask("POST", CALL, call())
    assert (answered, said["code"]) == (code, failure)
    assert said["message"].startswith("The server of Notes")


def test_an_error_of_the_app_is_passed_on(notes: RegisteredApp, server: Server, ask: Ask) -> None:
    error = {"status": "error", "message": "no such list"}
    server.answer = HookAnswer(500, body=json.dumps(error).encode())
    assert ask("POST", CALL, call()) == (500, error)


def test_a_developer_sees_calls_but_not_what_strangers_say(
    notes: RegisteredApp, server: Server, ask: Ask
) -> None:
    server.answer = HookAnswer(500, body=b"{}")
    ask("POST", CALL, call(text="secret"))
    row = WebhookCall.objects.get()
    assert (row.kind, row.status, row.problem, row.user_id) == ("tool", 500, "SERVER_ERROR", None)


def test_too_many_calls_wait(
    notes: RegisteredApp, server: Server, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool_calls, "MOST_AT_ONE_HOST", 0)
    assert ask("POST", CALL, call())[0] == 429
    monkeypatch.undo()
    # In a window that nobody sees the end of.
    monkeypatch.setitem(LIMITS, "tool", Limit(3, 1_000 * HOUR, "called tools"))
    calls = [ask("POST", CALL, {"toolId": "add_note", "userId": ADA}, token=None)[0] for _ in range(4)]
    assert calls[-1] == 429
    assert calls.count(429) < len(calls)
    assert not tool_calls._under_way


def test_system_apps_call_for_people_who_have_them(
    notes: RegisteredApp, server: Server, settings: Any
) -> None:
    assistant = make_app("com.example.assistant", installed_for=[make_user(ADA)])

    def asked(app: RegisteredApp = assistant, user: str = ADA, key: str = "") -> int:
        shown = {"apiKey": key or app.api_key, "packageName": app.package_name, "userId": user}
        body = json.dumps(call(user=user))
        return Client().post(f"{CALL}?{urlencode(shown)}", body, "application/json").status_code

    assert asked() == 403
    settings.SYSTEM_APP_PACKAGES = [assistant.package_name]
    assert asked() == 200
    assert asked(user=BOB) == 403
    assert asked(key="0" * 64) == 401
    assert asked(notes) == 403
    assert len(server.asked) == 1
