"""Logging somebody out everywhere: what was issued before is refused, what comes after works at once."""

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.api.authentication import CliAuthentication, ConsoleAuthentication, TokenRefused
from accounts.console_tokens import issue_console_token
from accounts.errors import InvalidCoreToken
from accounts.models import User
from accounts.services import admit_user, log_out_everywhere, make_cli_key
from accounts.signals import user_locked_out
from accounts.tokens import CoreClaims, issue_core_token, read_core_token
from tests.support.audit import deeds
from tests.support.personas import ADA, BOB, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user(ADA)


def test_core_tokens_of_before_are_refused_and_new_ones_taken(ada: User) -> None:
    old, others = issue_core_token(ada), issue_core_token(make_user(BOB))
    log_out_everywhere(user=ada)
    with pytest.raises(InvalidCoreToken):
        admit_user(claims=read_core_token(old))
    assert admit_user(claims=read_core_token(issue_core_token(ada))) == ada
    assert admit_user(claims=read_core_token(others)).email == BOB


def test_a_token_that_does_not_tell_when_it_was_issued_is_of_before(ada: User) -> None:
    claims = CoreClaims(ADA, "7", "id-1", None)
    assert admit_user(claims=claims) == ada
    log_out_everywhere(user=ada)
    with pytest.raises(InvalidCoreToken):
        admit_user(claims=claims)


def test_console_tokens_and_keys_of_command_lines_end_too(ada: User) -> None:
    old = issue_console_token(ada)
    key, token = make_cli_key(user=ada, name="laptop")
    log_out_everywhere(user=ada)
    with pytest.raises(TokenRefused):
        ConsoleAuthentication().read(old)
    with pytest.raises(TokenRefused):
        CliAuthentication().read(token)
    assert ConsoleAuthentication().read(issue_console_token(ada)) == ada
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_log_ins_end_and_a_new_one_works(ada: User, client: Client) -> None:
    client.force_login(ada)
    assert client.get("/console/").status_code == 200
    log_out_everywhere(user=ada)
    assert client.get("/console/").status_code == 302
    client.force_login(User.objects.get(pk=ada.pk))
    assert client.get("/console/").status_code == 200


def test_it_is_recorded_and_announced(
    ada: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    heard: list[User] = []

    def hear(user: User, **_: object) -> None:
        heard.append(user)

    user_locked_out.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            log_out_everywhere(user=ada)
    finally:
        user_locked_out.disconnect(hear)
    assert heard == [ada]
    assert deeds() == ["user.logged_out"]
