"""An account that is deleted leaves nothing of its person in any room."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db.models import CharField, EmailField, JSONField, Model, TextField
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.acting import acting_as
from accounts.errors import InvalidCoreToken, StillNeeded, WrongCode
from accounts.forgetting import mentioning
from accounts.models import AuditEntry, DeletionRequest, Organization, User
from accounts.rules import Role
from accounts.rules.own_data import MOST_TRIES, ExportFormat
from accounts.services import (
    add_member,
    admit_user,
    confirm_deletion,
    create_organization,
    invite,
    make_cli_key,
    make_operator,
    request_deletion,
    request_export,
)
from accounts.tokens import issue_core_token, read_core_token
from apps_registry.models import App
from apps_registry.services import save_settings, store_texts
from sessions_app.incidents.services import Kind, add_log, report
from sessions_app.models import (
    AnalyticsEvent,
    FailedJob,
    Photo,
    SocketMessage,
    TranscriptSegment,
    UserSession,
    WebhookCall,
)
from sessions_app.people import leaving
from sessions_app.people.leaving import delete_account, delete_waiting
from sessions_app.states import SessionState
from tests.support.personas import ADA, BOB, CAPTIONS, DORA, NOTES, make_app, make_installation, make_user
from tests.support.sessions import connect_phone

pytestmark = pytest.mark.django_db

BIG = {"type": "toggle", "key": "big", "label": "Big", "defaultValue": False}


@pytest.fixture(autouse=True)
def no_owner(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """End sessions as a worker does; nobody holds their hot state here."""
    ended: list[str] = []

    def end(session_id: str, reason: str) -> bool:
        assert reason == leaving.REASON
        ended.append(session_id)
        UserSession.objects.filter(pk=session_id).update(
            state=SessionState.DISPOSED, disposed_at=timezone.now()
        )
        return True

    monkeypatch.setattr(leaving, "end_session", end)
    return ended


def code_of_the_mail() -> str:
    found = re.search(r"^([A-Z2-9]{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def leave(user: User) -> None:
    request = request_deletion(user=user)
    confirm_deletion(user=user, request_id=request.pk, code=code_of_the_mail().lower())


def somebody_with_a_past(email: str) -> User:
    """Make a person about whom every room holds something."""
    user = make_user(email, settings={"brightness": 50})
    notes = make_app(NOTES, installed_for=[user], settings=[BIG])
    app = notes.app
    with acting_as(user):
        make_app(CAPTIONS, owner=user)
        make_cli_key(user=user, name="laptop")
        own = create_organization(name=f"Home of {email}", owner=user)
        invite(by=user, organization=own, email="new@example.com", role=Role.VIEWER)
        make_operator(user=user)
    dora = make_user(DORA)
    invite(by=dora, organization=app.organization, email=email, role=Role.VIEWER)
    save_settings(user=user, app=app, changes=[{"key": "big", "value": True}])
    store_texts(installation=make_installation(user, app), texts={"note": "milk"})
    ref, now = connect_phone(user).ref, timezone.now()
    of_session = {"session_id": ref.session_id, "utterance": "1", "setting": "en-US", "language": "en-US"}
    TranscriptSegment.objects.create(
        **of_session, text="a secret", started_at=now, ended_at=now, start_ms=0, end_ms=1
    )
    Photo.objects.create(
        user=user, request_id="p", name="a.jpg", content_type="image/jpeg", size=1, width=1, height=1
    )
    WebhookCall.objects.create(app=app, user=user, kind="tool", request_body=f'{{"userId": "{email}"}}')
    SocketMessage.objects.create(app=app, user=user, direction="in", type="settings", at=now, payload=email)
    AnalyticsEvent.objects.create(name="connected", user_id=email)
    incident = report(kind=Kind.INCIDENT, user=user, said={"description": email})
    add_log(incident=incident, source="phone", entries=[email])
    FailedJob.objects.create(task="t", arguments=[email], fingerprint="1")
    request_export(user=user, kind=ExportFormat.JSON)
    return user


def texts_of(model: type[Model]) -> Iterator[str]:
    kinds = (CharField, TextField, JSONField, EmailField)
    yield from (field.name for field in model._meta.local_fields if isinstance(field, kinds))


def traces_of(email: str) -> list[Any]:
    """Return the rows of any model in which an address stands."""
    return [
        (model, row)
        for model in apps.get_models()
        if (names := list(texts_of(model)))
        for row in mentioning(model.objects.all(), email, *names)  # type: ignore[attr-defined]
    ]


def rows_of(user_pk: int) -> list[Any]:
    """Return the rows of any model that point to somebody."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.related_model is User and model.objects.filter(**{field.name: user_pk}).exists()  # type: ignore[attr-defined]
    ]


def test_nothing_is_left_of_somebody_who_left(no_owner: list[str]) -> None:
    make_user(BOB)
    ada = somebody_with_a_past(ADA)
    session_id = str(UserSession.objects.get(user=ada).pk)
    assert len({model for model, _ in rows_of(ada.pk)}) > 12
    leave(ada)
    assert delete_account(ada.pk)
    assert no_owner == [session_id]
    assert traces_of(ADA) == []
    assert rows_of(ada.pk) == []
    assert not App.objects.filter(package_name=CAPTIONS).exists(), "nobody is left to run it"
    assert App.objects.filter(package_name=NOTES).exists()
    assert AuditEntry.objects.filter(action="user.deleted", target_id=str(ada.pk)).count() == 1
    assert delete_account(ada.pk), "a second time is harmless"
    assert User.objects.filter(email=BOB).exists()


def test_nobody_gets_in_from_the_confirmation_on_and_old_tokens_never_again() -> None:
    ada = make_user(ADA)
    old = read_core_token(issue_core_token(ada))
    leave(ada)
    with pytest.raises(InvalidCoreToken):
        admit_user(claims=old)
    assert delete_account(ada.pk)
    with pytest.raises(InvalidCoreToken):
        admit_user(claims=old)
    assert not User.objects.filter(email=ADA).exists()
    later = read_core_token(issue_core_token(ada))
    fresh = type(later)(later.email, later.subject, "new", later.expires_at, later.issued_at + 5)
    assert admit_user(claims=fresh).pk != ada.pk


def test_the_worker_is_told_after_the_confirmation(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(
        "sessions_app.receivers.delete_account.apply_async", lambda args, **_: told.append(args)
    )
    monkeypatch.setattr("sessions_app.receivers.dispose_session.apply_async", lambda *_, **__: None)
    ada = make_user(ADA)
    with django_capture_on_commit_callbacks(execute=True):
        leave(ada)
    assert told == [(ada.pk,)]


def test_what_did_not_end_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = make_user(ADA)
    connect_phone(ada)
    leave(ada)
    with monkeypatch.context() as patched:
        patched.setattr(leaving, "end_session", lambda *_: False)
        assert not delete_account(ada.pk)
    with monkeypatch.context() as patched:
        patched.setattr(leaving, "delete_photos", lambda *_: 0)
        Photo.objects.create(
            user=ada, request_id="p", name="a.jpg", content_type="image/jpeg", size=1, width=1, height=1
        )
        assert not delete_account(ada.pk)
    delete_waiting()
    assert not User.objects.filter(pk=ada.pk).exists()


def test_only_who_confirmed_is_deleted() -> None:
    assert not delete_account(make_user(ADA).pk)
    assert User.objects.filter(email=ADA).exists()


def test_a_code_holds_for_a_few_tries_and_a_day() -> None:
    ada = make_user(ADA)
    request = request_deletion(user=ada)
    right = code_of_the_mail()
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongCode, match="not the code"):
            confirm_deletion(user=ada, request_id=request.pk, code="WRONG2")
    with pytest.raises(WrongCode, match="no more"):
        confirm_deletion(user=ada, request_id=request.pk, code=right)
    request = request_deletion(user=ada)
    DeletionRequest.objects.update(expires_at=timezone.now())
    with pytest.raises(WrongCode, match="no more"):
        confirm_deletion(user=ada, request_id=request.pk, code=code_of_the_mail())
    assert ada.is_active


def test_the_last_owner_of_others_stays() -> None:
    ada = make_user(ADA)
    shared = create_organization(name="Shared", owner=ada)
    add_member(organization=shared, user=make_user(BOB), role=Role.ADMIN)
    with pytest.raises(StillNeeded, match="Shared"):
        request_deletion(user=ada)
    add_member(organization=shared, user=make_user(DORA), role=Role.OWNER)
    leave(ada)
    assert delete_account(ada.pk)
    assert Organization.objects.filter(pk=shared.pk).exists()
