"""The inspector: what is shown to whom, filters, opening lines, the live tail, sending again."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, User
from accounts.rules import Role
from apps_registry.services import install_app
from sessions_app.app_runs import again
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.inspection.timeline import PAGE
from sessions_app.models import SocketMessage, UnrecordedSession, WebhookCall
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, DORA, RegisteredApp, make_app, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
SESSION = "00000000-0000-0000-0000-000000000001"
BODY = '{"type": "session_request", "websocketUrl": "ws://cloud.example/app-ws"}'


@pytest.fixture
def app() -> RegisteredApp:
    """An app of Dora's."""
    return make_app()


def call(app: RegisteredApp, user: User | None, seconds: float = 0, **fields: Any) -> WebhookCall:
    about = {"kind": "session_request", "status": 200, "total_ms": 20.0, "session_id": SESSION} | fields
    about["at"] = NOW + timedelta(seconds=seconds)
    return WebhookCall.objects.create(app=app.app, user=user, **about)


def message(app: RegisteredApp, user: User, seconds: float = 0, **fields: Any) -> SocketMessage:
    about = {"direction": "in", "type": "display_event", "payload": '{"text": "Hello"}'} | fields
    about["at"] = NOW + timedelta(seconds=seconds)
    return SocketMessage.objects.create(app=app.app, user=user, session_id=SESSION, **about)


def page_of(app: RegisteredApp, rest: str = "") -> str:
    return f"/console/apps/{app.app.pk}/inspector/{rest}"


def text_of(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def ids_in(text: str) -> list[str]:
    return [part.split('"')[0] for part in text.split('<li id="')[1:]]


def test_the_first_visit_says_how_to_get_a_message(app: RegisteredApp, browsing: Browsing) -> None:
    text = text_of(browsing(DORA), page_of(app))
    assert "Nothing has passed yet" in text
    assert "/console/simulator/" in text


def test_webhooks_and_messages_stand_in_one_order_newest_first(
    app: RegisteredApp, browsing: Browsing
) -> None:
    dora = make_user(DORA)
    rows = [call(app, dora, 0), message(app, dora, 1), call(app, dora, 2), message(app, dora, 3)]
    expected = [f"{'call' if isinstance(row, WebhookCall) else 'message'}-{row.pk}" for row in reversed(rows)]
    assert ids_in(text_of(browsing(DORA), page_of(app))) == expected


def test_nobody_sees_what_is_not_theirs(app: RegisteredApp, browsing: Browsing, member: Member) -> None:
    dora, bob = make_user(DORA), make_user(BOB)
    own = [call(app, dora, detail="secret of Dora"), message(app, dora)]
    strangers = call(app, None, 1)
    colleague = member(app.app.organization, Role.VIEWER)
    assert ids_in(text_of(colleague, page_of(app))) == []
    everybody = text_of(colleague, page_of(app, "?everybody"))
    assert ids_in(everybody) == [f"call-{strangers.pk}", f"call-{own[0].pk}"]
    assert "secret of Dora" not in everybody
    assert "secret of Dora" not in text_of(colleague, page_of(app, "?everybody&text=secret"))
    opened = text_of(colleague, page_of(app, f"webhooks/{own[0].pk}/"))
    assert "concerned somebody else" in opened
    assert "secret of Dora" not in opened
    assert colleague.get(page_of(app, f"messages/{own[1].pk}/")).status_code == 404
    for path in ("", "older/", "news/", f"webhooks/{own[0].pk}/", f"messages/{own[1].pk}/"):
        assert browsing(BOB).get(page_of(app, path)).status_code == 404
    other = make_app("com.example.other", owner=bob)
    assert browsing(BOB).get(page_of(other, f"webhooks/{own[0].pk}/")).status_code == 404


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["stop", "error", "hello", "start"]),
        ("?show=webhooks", ["stop", "start"]),
        ("?show=messages", ["error", "hello"]),
        ("?type=stop_request", ["stop"]),
        ("?type=display_event", ["hello"]),
        ("?direction=in", ["hello"]),
        ("?direction=out", ["stop", "error", "start"]),
        ("?problems_only", ["stop", "error"]),
        ("?text=heLLo", ["hello"]),
        ("?text=refused", ["stop"]),
        ("?text=100%25", []),
        ("?text=%00", ["stop", "error", "hello", "start"]),
        (f"?session_id={SESSION}", ["error", "hello", "start"]),
        ("?session_id=nonsense", []),
        ("?show=messages&with_sound", ["sound", "error", "hello"]),
        ("?everybody", ["strangers", "stop", "error", "hello", "start"]),
    ],
)
def test_filters_leave_the_rest_out(
    app: RegisteredApp, browsing: Browsing, query: str, shown: list[str]
) -> None:
    dora = make_user(DORA)
    failed = {"status": None, "problem": "NOBODY_LISTENS", "detail": "refused"}
    rows = {
        "start": call(app, dora, 0),
        "hello": message(app, dora, 1),
        "error": message(
            app, dora, 2, direction="out", type="tpa_connection_error", problem="TIMEOUT", payload=""
        ),
        "sound": message(app, dora, 5, direction="out", type="audio_chunk", payload=""),
        "stop": call(app, dora, 3, kind="stop_request", session_id="another", **failed),
        "strangers": call(app, None, 4, session_id=""),
    }
    names = {
        f"{'call' if isinstance(row, WebhookCall) else 'message'}-{row.pk}": name
        for name, row in rows.items()
    }
    assert [names[each] for each in ids_in(text_of(browsing(DORA), page_of(app, query)))] == shown


def test_older_lines_come_a_page_at_a_time_without_gaps_or_repeats(
    app: RegisteredApp, browsing: Browsing
) -> None:
    dora, browser = make_user(DORA), browsing(DORA)
    # Many at the same moment: the order among them must hold from page to page.
    for second in range(4):
        for _ in range(PAGE // 3):
            call(app, dora, second // 2)
            message(app, dora, second // 2)
    seen: list[str] = []
    path = page_of(app)
    while path:
        text = text_of(browser, path)
        seen += ids_in(text)
        older = re.search(r'inspector-older.*?hx-get="([^"]+)"', text)
        path = unescape(older[1]) if older else ""
    assert len(seen) == len(set(seen)) == 8 * (PAGE // 3)


@pytest.mark.parametrize("before", ["", "nonsense", "AAAA", "w4PDtg==", "MSAyIDM="])
def test_a_place_nobody_wrote_is_the_beginning(app: RegisteredApp, browsing: Browsing, before: str) -> None:
    row = message(app, make_user(DORA))
    assert ids_in(text_of(browsing(DORA), page_of(app, f"older/?before={before}"))) == [f"message-{row.pk}"]


def test_the_tail_brings_what_is_new_and_where_to_go_on(app: RegisteredApp, browsing: Browsing) -> None:
    dora, browser = make_user(DORA), browsing(DORA)
    first = message(app, dora, 0)
    assert f"after=0.{first.pk}" in text_of(browser, page_of(app))
    # A webhook is stored when it ended, though it began before messages that are known already.
    late = call(app, dora, -1)
    second = message(app, dora, 1)
    text = text_of(browser, page_of(app, f"news/?after=0.{first.pk}"))
    assert ids_in(text) == [f"message-{second.pk}", f"call-{late.pk}"]
    assert f"after={late.pk}.{second.pk}" in text
    rest = text_of(browser, page_of(app, f"news/?after={late.pk}.{second.pk}"))
    assert ids_in(rest) == []
    assert f"after={late.pk}.{second.pk}" in rest
    assert ids_in(text_of(browser, page_of(app, "news/?after=no"))) != []


def test_an_opened_message_is_pretty_and_says_what_to_do(app: RegisteredApp, browsing: Browsing) -> None:
    row = message(
        app, make_user(DORA), type="photo_response", problem="CAMERA_BUSY", payload='{"error":{"code":"<b>"}}'
    )
    text = text_of(browsing(DORA), page_of(app, f"messages/{row.pk}/"))
    assert "at the hop <strong>glasses</strong>" in text
    assert "Wait for its answer" in text
    assert "{\n  &quot;error&quot;: {\n" in text
    assert "&lt;b&gt;" in text


def test_an_opened_webhook_shows_both_sides_and_its_time(app: RegisteredApp, browsing: Browsing) -> None:
    row = call(
        app,
        make_user(DORA),
        status=500,
        problem="SERVER_ERROR",
        dns_ms=5.0,
        connect_ms=10.0,
        wait_ms=20.0,
        total_ms=40.0,
        url="https://app.example/webhook",
        request_headers={"X-Mentra-Signature": "•••"},
        request_body=BODY,
        response_headers={"Server": "thing"},
        response_body="oh no",
        attempt=2,
        attempts=8,
    )
    text = text_of(browsing(DORA), page_of(app, f"webhooks/{row.pk}/"))
    for part in ("POST https://app.example/webhook", "2 of 8", "X-Mentra-Signature", "thing", "oh no", "app"):
        assert part in text
    for bar in (
        'x="0.0" width="12.5"',
        'x="12.5" width="25.0"',
        'x="37.5" width="50.0"',
        'x="87.5" width="12.5"',
    ):
        assert bar in text


def test_the_number_of_queries_does_not_grow(
    app: RegisteredApp, browsing: Browsing, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dora, browser = make_user(DORA), browsing(DORA)
    call(app, dora)
    with django_assert_num_queries(12):
        text_of(browser, page_of(app))
    for second in range(20):
        call(app, dora, second)
        message(app, dora, second)
    with django_assert_num_queries(12):
        text_of(browser, page_of(app))
    with django_assert_num_queries(5):
        text_of(browser, page_of(app, "news/?after=0.0"))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Answer every webhook that is sent again with 200; return the paths and bodies."""
    sent: list[tuple[str, Any]] = []

    async def post(url: object, path: str, body: object, **_: object) -> HookAnswer:
        sent.append((path, body))
        return HookAnswer(200)

    monkeypatch.setattr(again, "post_once", post)
    return sent


def test_a_webhook_is_sent_again_and_stands_beside_the_first(
    app: RegisteredApp, browsing: Browsing, answers: list[tuple[str, Any]]
) -> None:
    dora, browser = make_user(DORA), browsing(DORA)
    row = call(app, dora, kind="settings")
    assert "Send again" in text_of(browser, page_of(app, f"webhooks/{row.pk}/"))
    answer = browser.post(page_of(app, f"webhooks/{row.pk}/again/"))
    assert "Sent: HTTP 200" in answer.content.decode()
    assert answer.headers["HX-Trigger"] == "inspector-news"
    [(path, _)] = answers
    assert path == "/settings"
    assert WebhookCall.objects.get(again_of=row.pk).user == dora
    assert AuditEntry.objects.get(action="webhook.repeated").actor == dora


def test_what_must_not_be_sent_again_has_no_button_and_says_why(
    app: RegisteredApp, browsing: Browsing, answers: list[tuple[str, Any]]
) -> None:
    dora, browser = make_user(DORA), browsing(DORA)
    row = call(app, dora, request_body=BODY)
    text = text_of(browser, page_of(app, f"webhooks/{row.pk}/"))
    assert "Send again" not in text
    assert "Its session is over" in text
    refused = browser.post(page_of(app, f"webhooks/{row.pk}/again/")).content.decode()
    assert "Its session is over" in refused
    assert not answers


def test_only_who_develops_sends_again_and_only_their_own(
    app: RegisteredApp, browsing: Browsing, member: Member, answers: list[tuple[str, Any]]
) -> None:
    viewer, developer = (member(app.app.organization, role) for role in (Role.VIEWER, Role.DEVELOPER))
    for_viewer = call(app, make_user(f"{Role.VIEWER}@example.com"), kind="settings")
    assert "Send again" not in text_of(viewer, page_of(app, f"webhooks/{for_viewer.pk}/"))
    for browser in (viewer, developer, browsing(BOB)):
        assert browser.post(page_of(app, f"webhooks/{for_viewer.pk}/again/")).status_code == 404
    assert developer.get(page_of(app, f"webhooks/{for_viewer.pk}/again/")).status_code == 405
    assert not answers


def test_recording_is_a_choice_of_each_person(
    app: RegisteredApp, browsing: Browsing, member: Member, settings: Settings
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    dora, browser = make_user(DORA), browsing(DORA)
    install_app(user=dora, app=app.app)
    message(app, dora)
    asked = browser.post(page_of(app, "recording/"), {"record": "off"}).content.decode()
    assert "is deleted at once" in asked
    assert SocketMessage.objects.exists()
    browser.post(page_of(app, "recording/"), {"record": "off", "sure": "yes"})
    assert not SocketMessage.objects.exists()
    assert "are not recorded" in text_of(browser, page_of(app))
    assert "Nothing has passed yet" in text_of(member(app.app.organization, Role.VIEWER), page_of(app))
    browser.post(page_of(app, "recording/"), {"record": "on"})
    assert not UnrecordedSession.objects.exists()
