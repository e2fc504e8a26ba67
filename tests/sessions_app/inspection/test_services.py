"""The rows behind inspectors: whose they are, what is in them, how many there are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from sessions_app.inspection import services
from sessions_app.inspection.entries import CallEntry, Frame, Whose
from sessions_app.inspection.exchange import Exchange
from sessions_app.inspection.selectors import is_recorded
from sessions_app.inspection.services import forget_inspected, store
from sessions_app.models import SocketMessage, UnrecordedSession, WebhookCall
from sessions_app.outbound.timing import Timing
from tests.support.personas import BOB, DORA, RegisteredApp, make_app, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SECRET = "0f3c9a77aa1e4b1d8c"


@pytest.fixture
def app() -> RegisteredApp:
    """An app of Dora's."""
    return make_app()


@pytest.fixture
def dora() -> User:
    """Its developer."""
    return make_user(DORA)


def whose(app: RegisteredApp, user: User) -> Whose:
    return Whose(app.app.pk, user.pk, "00000000-0000-0000-0000-000000000001")


def call(app: RegisteredApp, owner: Whose | None, **changes: Any) -> CallEntry:
    exchange = Exchange(
        url="https://app.example/webhook",
        request_headers={"X-Mentra-Signature": f"sha256={SECRET}"},
        request_body=b'{"type":"session_request"}',
        timing=Timing(dns=1.0, connect=2.0, wait=3.0, total=6.5),
        response_headers={"Set-Cookie": SECRET, "Server": "x"},
        response_body=f'{{"token":"{SECRET}"}}'.encode(),
    )
    about: dict[str, Any] = {"status": 500, "problem": "SERVER_ERROR", "detail": "", "exchange": exchange}
    return CallEntry(app.app.pk, owner, "session_request", **{"at": NOW, **about, **changes})


def frame(text: str, at: datetime = NOW, kind: str = "") -> Frame:
    return Frame("in", at.timestamp(), len(text), text, kind)


def test_a_developers_own_call_is_kept_in_full_but_for_its_secrets(app: RegisteredApp, dora: User) -> None:
    assert store([], [call(app, whose(app, dora))]) == 1
    row = WebhookCall.objects.get()
    assert (row.user, row.status, row.problem) == (dora, 500, "SERVER_ERROR")
    assert (row.dns_ms, row.connect_ms, row.wait_ms, row.total_ms) == (1.0, 2.0, 3.0, 6.5)
    assert row.request_headers == {"X-Mentra-Signature": "•••"}
    assert row.response_headers == {"Set-Cookie": "•••", "Server": "x"}
    assert row.response_body == '{"token": "•••"}'


def test_of_a_strangers_call_only_how_it_went_is_kept(app: RegisteredApp) -> None:
    store([], [call(app, None, detail="their address")])
    row = WebhookCall.objects.get()
    assert (row.status, row.problem, row.total_ms, row.kind) == (500, "SERVER_ERROR", 6.5, "session_request")
    assert row.user is None
    personal = (row.session_id, row.url, row.detail, row.request_body, row.response_body)
    assert personal == ("", "", "", "", "")
    assert (row.request_headers, row.response_headers) == ({}, {})


def test_messages_are_read_masked_and_dated(app: RegisteredApp, dora: User) -> None:
    noted = [
        frame(f'{{"type":"tpa_connection_init","apiKey":"{SECRET}"}}'),
        frame('{"cause": "network"}', NOW + timedelta(milliseconds=5), "socket_closed"),
    ]
    assert store([(whose(app, dora), noted)], []) == 2
    closed, first = SocketMessage.objects.all()
    assert (first.type, first.user, first.at, first.size) == (
        "tpa_connection_init",
        dora,
        NOW,
        len(noted[0].text),
    )
    assert SECRET not in first.payload
    assert closed.type == "socket_closed"


def test_a_person_has_a_number_of_rows_of_each_app(
    app: RegisteredApp, dora: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.INSPECTOR_MESSAGES = 10
    monkeypatch.setattr(services, "CUT_EVERY", 1)
    bob = make_user(BOB)
    store([(whose(app, bob), [frame("{}")])], [call(app, None)])
    for minute in range(3):
        at = NOW + timedelta(minutes=minute)
        noted = [frame(f'{{"type":"{minute}"}}', at + timedelta(seconds=n)) for n in range(6)]
        store(
            [(whose(app, dora), noted)],
            [call(app, whose(app, dora), at=n.at) for n in [call(app, None, at=at)]],
        )
    kept = SocketMessage.objects.filter(user=dora).values_list("type", flat=True)
    assert list(kept) == ["2"] * 6 + ["1"] * 4
    assert SocketMessage.objects.filter(user=bob).count() == 1
    assert WebhookCall.objects.filter(user=None).count() == 1


def test_everything_is_forgotten_after_its_time(
    app: RegisteredApp, dora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "FORGET_BATCH", 2)
    old = [frame("{}", NOW - timedelta(seconds=n)) for n in range(5)]
    store([(whose(app, dora), [*old, frame("{}", NOW + timedelta(hours=1))])], [call(app, None)])
    assert forget_inspected(before=NOW + timedelta(minutes=1)) == 6
    assert SocketMessage.objects.count() == 1
    assert not WebhookCall.objects.exists()


def test_an_app_that_was_deleted_meanwhile_costs_the_others_nothing(app: RegisteredApp, dora: User) -> None:
    gone = Whose(app.app.pk + 1000, dora.pk + 1000, "")
    store([(gone, [frame("{}")]), (whose(app, dora), [frame("{}")])], [])
    assert SocketMessage.objects.filter(app=app.app).count() == 1


def test_what_was_noted_goes_with_its_app_and_its_user(app: RegisteredApp, dora: User) -> None:
    bob = make_user(BOB)
    store([(whose(app, user), [frame("{}")]) for user in (dora, bob)], [call(app, whose(app, bob))])
    bob.delete()
    assert SocketMessage.objects.count() == 1
    assert not WebhookCall.objects.exists()
    app.app.delete()
    assert not SocketMessage.objects.exists()


def test_only_members_who_do_not_mind_are_recorded(app: RegisteredApp, dora: User) -> None:
    assert is_recorded(dora.pk, app.facts)
    assert not is_recorded(make_user(BOB).pk, app.facts)
    UnrecordedSession.objects.create(app=app.app, user=dora)
    assert not is_recorded(dora.pk, app.facts)
    assert is_recorded(dora.pk, make_app("com.example.other").facts)
