"""What changes in the catalogue mean for live sessions."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from kombu import Connection
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from accounts.services import log_out_everywhere, update_user_settings
from apps_registry.models import App
from apps_registry.services import (
    create_api_key,
    remove_app,
    revoke_api_key,
    rotate_webhook_secret,
    save_settings,
    uninstall_app,
    update_app,
)
from sessions_app import tasks
from sessions_app.app_runs.rules import RunEvent
from sessions_app.outbound.commands import (
    AnyCommand,
    KeyRevoked,
    PermissionsChanged,
    SettingsChanged,
    StopApp,
    UserSettingsChanged,
)
from sessions_app.protocol.codes import StopReason
from tests.support.personas import ADA, BOB, CAPTIONS, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db

Told = list[tuple[set[str], AnyCommand]]


@pytest.fixture
def ada() -> User:
    return make_user(ADA)


@pytest.fixture
def sessions(ada: User) -> dict[str, str]:
    """Ada and Bob run the captions app; session ids by address."""
    refs = {user.email: connect_phone(user).ref for user in (ada, make_user(BOB))}
    for ref in refs.values():
        play(ref, RunEvent.START, RunEvent.ATTACHED)
    return {email: ref.session_id for email, ref in refs.items()}


@pytest.fixture
def app(ada: User) -> App:
    return make_app(CAPTIONS, installed_for=[ada, make_user(BOB)]).app


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Which sessions' owners were told what."""
    said: Told = []
    monkeypatch.setattr(tasks, "tell_from_outside", lambda owners, what: said.append((set(owners), what)))
    return said


@pytest.fixture
def committed(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[..., Any]:
    """Run a service as a request would: what it does on commit happens."""

    def run(service: Callable[..., Any], **arguments: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return service(**arguments)

    return run


def test_a_revoked_key_closes_its_sockets_everywhere(
    sessions: dict[str, str], app: App, told: Told, committed: Callable[..., Any]
) -> None:
    key, _ = create_api_key(app=app)
    committed(revoke_api_key, key=key)
    assert told == [(set(sessions.values()), KeyRevoked(CAPTIONS, key.pk))]


def test_an_app_is_stopped_for_the_user_who_uninstalls_it(
    sessions: dict[str, str], app: App, told: Told, ada: User, committed: Callable[..., Any]
) -> None:
    committed(uninstall_app, user=ada, app=app)
    assert told == [({sessions[ADA]}, StopApp(CAPTIONS, StopReason.SYSTEM_STOP))]


def test_a_removed_app_is_stopped_for_everybody(
    sessions: dict[str, str], app: App, told: Told, committed: Callable[..., Any]
) -> None:
    committed(remove_app, app=app)
    assert told == [(set(sessions.values()), StopApp(CAPTIONS, StopReason.SYSTEM_STOP))]


def test_new_settings_go_to_the_users_own_app(
    sessions: dict[str, str], told: Told, ada: User, committed: Callable[..., Any]
) -> None:
    definition = {"type": "toggle", "key": "big", "label": "Big letters", "defaultValue": False}
    app = make_app(CAPTIONS, settings=[definition], installed_for=[ada]).app
    merged = committed(save_settings, user=ada, app=app, changes={"key": "big", "value": True})
    assert told == [({sessions[ADA]}, SettingsChanged(CAPTIONS))]
    assert merged[0]["value"] is True


def test_new_permissions_are_judged_everywhere(
    sessions: dict[str, str], app: App, told: Told, committed: Callable[..., Any]
) -> None:
    committed(update_app, app=app, permissions=["MICROPHONE"])
    assert told == [(set(sessions.values()), PermissionsChanged(CAPTIONS))]


def test_a_new_webhook_secret_is_read_by_all_owners(
    sessions: dict[str, str], app: App, told: Told, committed: Callable[..., Any]
) -> None:
    committed(rotate_webhook_secret, app=app)
    assert told == [(set(sessions.values()), PermissionsChanged(CAPTIONS))]


def test_new_system_settings_go_to_the_users_session(
    sessions: dict[str, str], told: Told, ada: User, committed: Callable[..., Any]
) -> None:
    committed(update_user_settings, user=ada, changes={"bypassVad": True})
    [(who, command)] = told
    assert who == {sessions[ADA]}
    assert isinstance(command, UserSettingsChanged)


def test_nobody_is_told_of_a_change_that_was_rolled_back(
    sessions: dict[str, str], app: App, told: Told, ada: User, committed: Callable[..., Any]
) -> None:
    def roll_back() -> None:
        with transaction.atomic():
            uninstall_app(user=ada, app=app)
            transaction.set_rollback(True)

    committed(roll_back)
    assert told == []


def test_an_app_that_nobody_runs_tells_nobody(app: App, told: Told, committed: Callable[..., Any]) -> None:
    committed(remove_app, app=app)
    assert told == []


def test_a_change_is_made_although_no_worker_can_be_told(
    sessions: dict[str, str], app: App, monkeypatch: pytest.MonkeyPatch, committed: Callable[..., Any]
) -> None:
    def away(*_: Any, **how: Any) -> None:
        assert how == {"retry": False}, "a request does not wait for the broker"
        raise OperationalError("refused")

    monkeypatch.setattr(tasks.tell_owners, "apply_async", away)
    key, _ = create_api_key(app=app)
    assert committed(revoke_api_key, key=key)


def test_who_is_logged_out_everywhere_has_no_session_any_more(
    sessions: dict[str, str], ada: User, monkeypatch: pytest.MonkeyPatch, committed: Callable[..., Any]
) -> None:
    ended: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks.dispose_session, "apply_async", lambda facts, **_: ended.append(facts))
    committed(log_out_everywhere, user=ada)
    assert ended == [(sessions[ADA], "logged out")]


def test_a_broker_that_is_away_is_noticed_at_once(settings: Settings) -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    began = time.monotonic()
    with (
        Connection("redis://127.0.0.1:9", transport_options=options) as broker,
        pytest.raises(OperationalError),
    ):
        _ = broker.default_channel
    assert time.monotonic() - began < 2
