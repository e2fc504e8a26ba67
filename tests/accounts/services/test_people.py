"""Making people and keeping their settings."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.errors import InvalidCoreToken, InvalidEmail, InvalidUserSettings
from accounts.models import User
from accounts.services import (
    admit_user,
    get_or_create_user,
    make_operator,
    revoke_token,
    update_user_settings,
)
from accounts.signals import user_settings_changed
from accounts.tokens import CoreClaims
from tests.support.personas import ADA, make_user

pytestmark = pytest.mark.django_db

CLAIMS = CoreClaims(ADA, "7", "id-1", None)


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """Collect what update_user_settings announces."""
    said: list[dict[str, Any]] = []

    def listen(sender: type, user: User, changes: dict[str, Any], **_: Any) -> None:
        said.append({"user": user, "changes": changes})

    user_settings_changed.connect(listen)
    yield said
    user_settings_changed.disconnect(listen)


def test_a_user_is_made_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = get_or_create_user(email=" ADA@Example.com")
    with django_assert_num_queries(1):
        assert get_or_create_user(email=ADA) == user
    assert not user.has_usable_password()


def test_a_user_needs_an_address() -> None:
    with pytest.raises(InvalidEmail):
        get_or_create_user(email="ada")


def test_losing_the_race_to_create_a_user_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    winner = make_user(ADA)
    monkeypatch.setattr("accounts.services.people.find_user", lambda email: None)
    assert get_or_create_user(email=ADA) == winner


def test_a_good_token_admits_a_known_user_in_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = make_user(ADA)
    with django_assert_num_queries(2):
        assert admit_user(claims=CLAIMS) == user


def test_a_good_token_creates_the_user_at_the_first_visit() -> None:
    assert admit_user(claims=CLAIMS).email == ADA


def test_a_revoked_token_admits_nobody() -> None:
    revoke_token(token_id="id-1", expires_at=None)
    with pytest.raises(InvalidCoreToken):
        admit_user(claims=CLAIMS)
    assert not User.objects.exists()


def test_a_deactivated_user_is_not_admitted() -> None:
    user = make_user(ADA)
    user.is_active = False
    user.save()
    with pytest.raises(InvalidCoreToken):
        admit_user(claims=CLAIMS)


def test_an_operator_has_all_rights_in_the_admin() -> None:
    make_operator(user=make_user(ADA))
    user = User.objects.get(email=ADA)
    assert user.is_staff
    assert user.is_superuser


def test_changed_settings_are_stored_and_announced(
    heard: list[dict[str, Any]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = make_user(ADA, settings={"brightness": 40, "theme": "dark"})
    with django_capture_on_commit_callbacks(execute=True):
        changed = update_user_settings(user=user, changes={"metricSystemEnabled": True, "brightness": 40})
    assert changed == {"metricSystemEnabled": True}
    assert heard == [{"user": user, "changes": changed}]
    user.refresh_from_db()
    assert user.settings == {"brightness": 40, "theme": "dark", "metric_system_enabled": True}


def test_forgetting_a_setting_is_a_change_to_none(heard: list[dict[str, Any]]) -> None:
    user = make_user(ADA, settings={"brightness": 40})
    assert update_user_settings(user=user, changes={"brightness": None, "unknown": None}) == {
        "brightness": None
    }
    assert User.objects.get(email=ADA).settings == {}


def test_equal_settings_are_not_announced(
    heard: list[dict[str, Any]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = make_user(ADA, settings={"brightness": 40})
    with django_capture_on_commit_callbacks(execute=True):
        assert update_user_settings(user=user, changes={"brightness": 40}) == {}
    assert heard == []


def test_settings_another_request_stored_are_not_lost() -> None:
    stale = make_user(ADA)
    update_user_settings(user=User.objects.get(email=ADA), changes={"theme": "dark"})
    update_user_settings(user=stale, changes={"brightness": 10})
    assert User.objects.get(email=ADA).settings == {"theme": "dark", "brightness": 10}


def test_settings_that_cannot_be_stored_change_nothing() -> None:
    user = make_user(ADA, settings={"brightness": 40})
    with pytest.raises(InvalidUserSettings):
        update_user_settings(user=user, changes={"brightness": float("inf")})
    assert User.objects.get(email=ADA).settings == {"brightness": 40}
