"""Submitting, withdrawing, approving, rejecting and unpublishing: rows, entries, and mails to the developers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, User
from accounts.rules import Role
from accounts.services import add_member
from apps_registry.errors import RegistryError, ReviewRefused
from apps_registry.models import App, ReviewStep
from apps_registry.services import (
    approve_app,
    lacks_of,
    reject_app,
    set_verification,
    submit_app,
    unpublish_app,
    update_app,
    withdraw_app,
)
from tests.support.audit import last_deed
from tests.support.personas import ADA, BOB, DORA, make_app, make_reviewable, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora() -> User:
    return make_user(DORA)


@pytest.fixture
def operator() -> User:
    return make_user("operator@example.com", staff=True)


def steps(app: App) -> list[tuple[str, str]]:
    return [(step.event, step.to_status) for step in ReviewStep.objects.filter(app=app).order_by("pk")]


def test_from_development_to_the_store_and_out_again(dora: User, operator: User) -> None:
    app = make_reviewable()
    submit_app(app=app, by=dora)
    withdraw_app(app=app, by=dora)
    submit_app(app=app, by=dora)
    reject_app(app=app, by=operator, notes="Too dark.")
    submit_app(app=app, by=dora)
    step = approve_app(app=app, by=operator, verification_status="VERIFIED")
    app.refresh_from_db()
    assert (app.store_status, app.verification_status, step.actor) == ("PUBLISHED", "VERIFIED", operator)
    unpublish_app(app=app, by=dora)
    assert steps(app) == [
        ("submitted", "SUBMITTED"),
        ("withdrawn", "DEVELOPMENT"),
        ("submitted", "SUBMITTED"),
        ("rejected", "REJECTED"),
        ("submitted", "SUBMITTED"),
        ("approved", "PUBLISHED"),
        ("unpublished", "DEVELOPMENT"),
    ]
    assert app.version == 2, "a review changes nothing of what an app is"


def test_each_step_is_in_the_audit_log_with_who_took_it(dora: User, operator: User) -> None:
    app = make_reviewable()
    submit_app(app=app, by=dora)
    assert (last_deed().action, last_deed().actor_label) == ("app.submitted", DORA)
    reject_app(app=app, by=operator, notes="Too dark.")
    assert (last_deed().action, last_deed().actor_label) == ("app.rejected", operator.email)
    assert last_deed().after == {"store_status": "REJECTED", "notes": "Too dark."}


def test_an_app_that_is_not_ready_says_what_it_lacks(dora: User, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS = False
    app = make_app(published=False, permissions=["CAMERA"]).app
    app.api_keys.all().delete()
    with pytest.raises(ReviewRefused) as refused:
        submit_app(app=app, by=dora)
    assert refused.value.code == "INCOMPLETE"
    codes = [lack.code for lack in refused.value.missing]
    assert codes == ["DESCRIPTION", "ICON", "PUBLIC_URL", "PERMISSION_REASONS", "API_KEY"]
    assert "Tell people why the app needs CAMERA." in refused.value.message
    assert lacks_of(app) == list(refused.value.missing)
    assert not ReviewStep.objects.exists()


def test_an_app_that_is_no_longer_offered_is_not_reviewed(dora: User) -> None:
    app = update_app(app=make_reviewable(), is_deprecated=True)
    with pytest.raises(ReviewRefused, match="no longer offered"):
        submit_app(app=app, by=dora)


@pytest.mark.parametrize(
    "step",
    [
        lambda app, by: approve_app(app=app, by=by),
        lambda app, by: reject_app(app=app, by=by, notes="No."),
        lambda app, by: withdraw_app(app=app, by=by),
        lambda app, by: unpublish_app(app=app, by=by),
    ],
)
def test_a_step_out_of_turn_changes_nothing(step: Callable[[App, User], object], operator: User) -> None:
    app = make_reviewable()
    with pytest.raises(ReviewRefused):
        step(app, operator)
    app.refresh_from_db()
    assert (app.store_status, steps(app)) == ("DEVELOPMENT", [])


def test_the_second_of_two_operators_is_told(dora: User, operator: User) -> None:
    app = make_reviewable()
    submit_app(app=app, by=dora)
    stale = App.objects.get(pk=app.pk)
    approve_app(app=app, by=operator)
    with pytest.raises(ReviewRefused, match="Only an app that was submitted"):
        reject_app(app=stale, by=operator, notes="No.")


def test_a_bad_verification_status_approves_nothing(dora: User, operator: User) -> None:
    app = make_reviewable()
    submit_app(app=app, by=dora)
    with pytest.raises(RegistryError):
        approve_app(app=app, by=operator, verification_status="GOLD")
    app.refresh_from_db()
    assert app.store_status == "SUBMITTED"


def test_who_vouches_for_an_app_is_set_apart(operator: User) -> None:
    app = set_verification(app=make_reviewable(), by=operator, status="COMMUNITY")
    assert app.verification_status == "COMMUNITY"
    assert (last_deed().action, last_deed().before) == ("app.verified", {"verification_status": "NONE"})
    with pytest.raises(RegistryError):
        set_verification(app=app, by=operator, status="GOLD")


def test_the_developer_is_told_of_a_decision(
    dora: User, operator: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    app = make_reviewable()
    with django_capture_on_commit_callbacks(execute=True):
        submit_app(app=app, by=dora)
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        reject_app(app=app, by=operator, notes="Too dark.")
    [told] = mail.outbox
    assert (told.subject, told.bcc) == ("Captions was not published", [DORA])
    assert "Too dark." in told.body
    assert f"/console/apps/{app.pk}/review/" in told.body
    assert operator.email not in told.body


def test_when_the_developer_left_who_manages_is_told(
    dora: User, operator: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    app = make_reviewable()
    submit_app(app=app, by=dora)
    add_member(organization=app.organization, user=make_user(ADA), role=Role.ADMIN)
    add_member(organization=app.organization, user=make_user(BOB), role=Role.VIEWER)
    Membership.objects.filter(user=dora).delete()
    with django_capture_on_commit_callbacks(execute=True):
        approve_app(app=app, by=operator)
    assert mail.outbox[0].bcc == [ADA]


def test_a_mail_that_cannot_be_sent_changes_no_decision(
    dora: User,
    operator: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    app = make_reviewable()
    submit_app(app=app, by=dora)
    with django_capture_on_commit_callbacks(execute=True):
        approve_app(app=app, by=operator)
    app.refresh_from_db()
    assert app.store_status == "PUBLISHED"
    assert "could not be mailed" in caplog.text
