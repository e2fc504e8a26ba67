"""Sending a webhook once more: only while it says what is true, only one's own, only now and then."""

from typing import Any

import pytest

from accounts.acting import acting_as
from accounts.errors import NotAllowed, TooManyRequests
from accounts.limits import LIMITS
from accounts.models import AuditEntry, User
from accounts.rules import Role
from accounts.services import add_member
from apps_registry.services import install_app, save_settings
from sessions_app.app_runs import again
from sessions_app.app_runs.again import find_reason_against, reason_against, send_again
from sessions_app.app_runs.rules import RunEvent
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.errors import RefusedRepeat
from sessions_app.models import WebhookCall
from sessions_app.protocol.webhooks import SessionRequest, SettingsPush, StopRequest, ToolCall
from sessions_app.states import RunState
from tests.support.personas import BOB, DORA, RegisteredApp, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db

URL = '"ws://node-1.example/app-ws"'
STOP = '{"type": "stop_request", "reason": "user_disabled"}'
FONT = {"key": "size", "type": "slider", "label": "Size", "min": 1, "max": 20, "defaultValue": 12}


@pytest.fixture
def app() -> RegisteredApp:
    """An app of Dora's, which she also wears."""
    return make_app(settings=[FONT], installed_for=[make_user(DORA)])


@pytest.fixture
def dora() -> User:
    """Its developer."""
    return make_user(DORA)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Take what would be sent, paths and bodies, and answer 503."""
    calls: list[tuple[str, Any]] = []

    async def post(url: object, path: str, body: object, **_: object) -> HookAnswer:
        calls.append((path, body))
        return HookAnswer(503)

    monkeypatch.setattr(again, "post_once", post)
    return calls


def call(
    app: RegisteredApp, user: User | None, kind: str, body: str = "", session_id: str = ""
) -> WebhookCall:
    return WebhookCall.objects.create(
        app=app.app, user=user, kind=kind, request_body=body, session_id=session_id
    )


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        (
            "session_request",
            {RunState.CONNECTING, RunState.GRACE_PERIOD, RunState.RESURRECTING, RunState.DORMANT},
        ),
        ("stop_request", {None, RunState.STOPPED}),
        ("settings", {None, *RunState}),
        ("tool", {None, *RunState}),
        ("unheard-of", set()),
    ],
)
def test_a_start_or_stop_is_sent_only_while_it_is_true(kind: str, allowed: set[RunState | None]) -> None:
    assert {state for state in (None, *RunState) if not reason_against(kind, state)} == allowed


def test_a_start_goes_to_the_session_that_still_waits_for_its_app(
    app: RegisteredApp, dora: User, sent: list[tuple[str, Any]]
) -> None:
    ref = connect_phone(dora).ref
    play(ref, RunEvent.START, package_name=app.package_name)
    first = call(app, dora, "session_request", f'{{"websocketUrl": {URL}}}', ref.session_id)
    with acting_as(dora):
        row = send_again(call=first, by=dora)
    [(path, body)] = sent
    assert path == "/webhook"
    assert isinstance(body, SessionRequest)
    assert (body.user_id, body.session_id) == (DORA, f"{DORA}-{app.package_name}")
    assert body.websocket_url == "ws://node-1.example/app-ws"
    assert (row.again_of, row.status, row.problem, row.user) == (first.pk, 503, "SERVER_ERROR", dora)
    entry = AuditEntry.objects.get(action="webhook.repeated")
    assert (entry.actor, entry.after) == (dora, {"kind": "session_request", "call": first.pk})
    earlier = call(
        app, dora, "session_request", f'{{"websocketUrl": {URL}}}', "00000000-0000-0000-0000-000000000000"
    )
    assert "Its session is over" in find_reason_against(earlier)


def test_a_stop_is_not_sent_to_an_app_that_runs_by_now(
    app: RegisteredApp, dora: User, sent: list[Any]
) -> None:
    stop = call(app, dora, "stop_request", STOP)
    send_again(call=stop, by=dora)
    assert isinstance(sent[0][1], StopRequest)
    assert sent[0][1].reason == "user_disabled"
    play(connect_phone(dora).ref, RunEvent.START, RunEvent.ATTACHED, package_name=app.package_name)
    with pytest.raises(RefusedRepeat, match="stop it on your glasses"):
        send_again(call=stop, by=dora)


def test_settings_are_sent_as_they_are_now(
    app: RegisteredApp, dora: User, sent: list[tuple[str, Any]]
) -> None:
    old = call(app, dora, "settings", '{"settings": [{"key": "size", "value": 3}]}')
    save_settings(user=dora, app=app.app, changes={"key": "size", "value": 14})
    send_again(call=old, by=dora)
    [(path, body)] = sent
    assert path == "/settings"
    assert isinstance(body, SettingsPush)
    assert [(entry["key"], entry["value"]) for entry in body.settings] == [("size", 14)]


def test_a_tool_is_called_as_before_unless_its_secrets_are_gone(
    app: RegisteredApp, dora: User, sent: list[tuple[str, Any]]
) -> None:
    send_again(call=call(app, dora, "tool", '{"toolId": "add", "toolParameters": {"a": 1}}'), by=dora)
    [(path, body)] = sent
    assert path == "/tool"
    assert isinstance(body, ToolCall)
    assert (body.tool_id, body.tool_parameters) == ("add", {"a": 1})
    for said in ('{"toolId": "add", "toolParameters": {"token": "•••"}}', '{"toolId": "a', "[]", "{}"):
        with pytest.raises(RefusedRepeat):
            send_again(call=call(app, dora, "tool", said), by=dora)
    assert len(sent) == 1


def test_only_developers_send_and_only_what_was_their_own(
    app: RegisteredApp, dora: User, sent: list[tuple[str, Any]]
) -> None:
    bob, viewer = make_user(BOB), make_user("viewer@example.com")
    add_member(organization=app.app.organization, user=viewer, role=Role.VIEWER)
    install_app(user=bob, app=app.app)
    for whose, by in [(dora, bob), (bob, bob), (dora, viewer), (viewer, viewer), (None, dora)]:
        with pytest.raises(NotAllowed):
            send_again(call=call(app, whose, "settings"), by=by)
    assert not sent


def test_a_person_sends_so_many_in_a_minute(
    app: RegisteredApp, dora: User, sent: list[tuple[str, Any]]
) -> None:
    first = call(app, dora, "settings")
    with pytest.raises(TooManyRequests):
        for _ in range(2 * LIMITS["webhook"].most + 1):
            send_again(call=first, by=dora)
    assert len(sent) >= LIMITS["webhook"].most
