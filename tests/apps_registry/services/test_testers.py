"""Sharing an app before it is published: who gets in, who is told, and how it ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.acting import acting_as
from accounts.errors import InvalidEmail
from accounts.models import User
from accounts.rules import Role
from accounts.services import add_member
from apps_registry.errors import InstallRefused, RegistryError, ShareRefused
from apps_registry.models import App, AppTester, ShareLink
from apps_registry.rules.sharing import MOST_LINKS
from apps_registry.selectors import apps_offered_to, is_installed
from apps_registry.services import (
    accept_share_link,
    install_app,
    invite_tester,
    make_share_link,
    remove_tester,
    revoke_share_link,
    share_url,
    uninstall_app,
    update_app,
)
from tests.support.audit import deeds, last_deed
from tests.support.personas import ADA, BOB, DORA, make_app, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> App:
    return make_app(published=False).app


@pytest.fixture
def dora() -> User:
    return make_user(DORA)


def refusal(link: ShareLink, email: str) -> str:
    """Return the code with which somebody is refused."""
    with pytest.raises(ShareRefused) as refused:
        accept_share_link(token=link.token, user=make_user(email))
    return refused.value.code


def test_who_accepts_gets_the_unpublished_app(app: App, dora: User) -> None:
    ada = make_user(ADA)
    link = make_share_link(app=app, by=dora)
    assert share_url(link).endswith(f"/console/try/{link.token}/")
    with pytest.raises(InstallRefused):
        install_app(user=ada, app=app)
    tester = accept_share_link(token=link.token, user=ada)
    assert str(tester) == f"{ADA} tests {app}"
    assert is_installed(ada.pk, app.package_name)
    accept_share_link(token=link.token, user=ada)
    link.refresh_from_db()
    assert link.uses == 1


def test_a_tester_may_install_it_again(app: App, dora: User) -> None:
    ada = make_user(ADA)
    accept_share_link(token=make_share_link(app=app, by=dora).token, user=ada)
    uninstall_app(user=ada, app=app)
    assert app in apps_offered_to(ada)
    assert app not in apps_offered_to(make_user(BOB))
    assert install_app(user=ada, app=app)


def test_a_link_ends_by_hand_by_time_and_by_number(app: App, dora: User) -> None:
    few = make_share_link(app=app, by=dora, most_uses="1")
    accept_share_link(token=few.token, user=make_user(ADA))
    assert refusal(few, BOB) == "USED_UP"
    old = make_share_link(app=app, by=dora)
    ShareLink.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refusal(old, BOB) == "EXPIRED"
    withdrawn = make_share_link(app=app, by=dora)
    assert (revoke_share_link(link=withdrawn), revoke_share_link(link=withdrawn)) == (True, False)
    assert refusal(withdrawn, BOB) == "REVOKED"
    update_app(app=app, is_deprecated=True)
    assert refusal(make_share_link(app=app, by=dora), BOB) == "DEPRECATED"


def test_a_link_nobody_made_opens_nothing() -> None:
    with pytest.raises(ShareRefused) as refused:
        accept_share_link(token="guessed", user=make_user(ADA))
    assert refused.value.code == "UNKNOWN"


def test_an_invitation_is_mailed_and_lets_only_its_address_in(
    app: App, dora: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        link = invite_tester(app=app, by=dora, email=" Ada@Example.com ")
    [sent] = mail.outbox
    assert (sent.to, link.email) == ([ADA], ADA)
    assert share_url(link) in sent.body
    assert refusal(link, BOB) == "OTHER_PERSON"
    again = invite_tester(app=app, by=dora, email=ADA)
    assert refusal(link, ADA) == "REVOKED"
    accept_share_link(token=again.token, user=make_user(ADA))
    with pytest.raises(RegistryError, match="tests this app already"):
        invite_tester(app=app, by=dora, email=ADA)
    with pytest.raises(InvalidEmail):
        invite_tester(app=app, by=dora, email="nobody")


def test_a_mail_that_cannot_be_sent_is_no_failure_of_the_invitation(
    app: App,
    dora: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        link = invite_tester(app=app, by=dora, email=ADA)
    assert "could not be mailed" in caplog.text
    assert link.token not in caplog.text


def test_who_is_removed_loses_the_app_and_cannot_have_it_back(app: App, dora: User, ear: Any) -> None:
    ada = make_user(ADA)
    tester = accept_share_link(token=make_share_link(app=app, by=dora).token, user=ada)
    with ear.listening():
        remove_tester(tester=tester)
    assert not is_installed(ada.pk, app.package_name)
    assert [name for name, _ in ear.heard] == ["app_uninstalled"]
    with pytest.raises(InstallRefused):
        install_app(user=ada, app=app)


def test_a_member_who_tests_keeps_the_app(app: App, dora: User) -> None:
    ada = make_user(ADA)
    add_member(organization=app.organization, user=ada, role=Role.VIEWER)
    remove_tester(tester=accept_share_link(token=make_share_link(app=app, by=dora).token, user=ada))
    assert is_installed(ada.pk, app.package_name)
    assert not AppTester.objects.exists()


def test_everything_is_recorded_and_no_token(app: App, dora: User) -> None:
    with acting_as(dora):
        link = make_share_link(app=app, by=dora)
    assert (last_deed().action, last_deed().actor_label) == ("share_link.made", DORA)
    with acting_as(make_user(ADA)):
        tester = accept_share_link(token=link.token, user=make_user(ADA))
    remove_tester(tester=tester)
    revoke_share_link(link=link)
    assert deeds()[-4:] == ["share_link.made", "tester.accepted", "tester.removed", "share_link.revoked"]
    for entry in type(last_deed()).objects.all():
        assert link.token not in f"{entry.before} {entry.after} {entry.target_label}"


def test_no_app_has_links_without_end(app: App, dora: User) -> None:
    ShareLink.objects.bulk_create(
        ShareLink(app=app, expires_at=timezone.now() + timedelta(days=1)) for _ in range(MOST_LINKS)
    )
    with pytest.raises(RegistryError, match="open already"):
        make_share_link(app=app, by=dora)
