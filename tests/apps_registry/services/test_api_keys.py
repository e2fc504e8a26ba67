"""Making, rolling, naming and revoking keys."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.acting import acting_as
from accounts.errors import TooManyRequests
from accounts.limits import LIMITS
from apps_registry.errors import RegistryError
from apps_registry.models import ApiKey, App
from apps_registry.rules import MOST_LIVE_KEYS, KeyState, hash_api_key
from apps_registry.selectors import find_valid_key, list_refused_keys
from apps_registry.services import (
    create_api_key,
    rename_api_key,
    replace_api_keys,
    revoke_api_key,
    roll_api_key,
)
from tests.support.audit import deeds, last_deed
from tests.support.personas import CAPTIONS, DORA, make_app, make_user

pytestmark = pytest.mark.django_db


def test_the_plain_key_is_nowhere_in_the_database() -> None:
    key, plain = create_api_key(app=make_app().app, name=" laptop ")
    stored = ApiKey.objects.filter(pk=key.pk).values().get()
    assert stored["prefix"] == plain[:8]
    assert stored["digest"] == hash_api_key(plain)
    assert stored["name"] == "laptop"
    assert plain not in str(stored)


def test_a_key_shows_its_prefix_only() -> None:
    key, plain = create_api_key(app=make_app().app, name="laptop")
    assert str(key) == f"{plain[:8]}… (laptop)"
    assert str(create_api_key(app=key.app)[0]).endswith("…")


def test_revoking_is_announced_once(ear: Any) -> None:
    key, _ = create_api_key(app=make_app().app)
    with ear.listening():
        assert revoke_api_key(key=key)
    with ear.listening():
        assert not revoke_api_key(key=key)
    assert ear.heard == [("api_key_revoked", {"key": key})]
    key.refresh_from_db()
    assert key.revoked_at is not None


DAY = timedelta(days=1)


@pytest.fixture
def app() -> App:
    return make_app().app


def works(plain: str) -> bool:
    return find_valid_key(CAPTIONS, plain) is not None


def test_who_made_a_key_is_kept(app: App) -> None:
    dora = make_user(DORA)
    with acting_as(dora):
        key, _ = create_api_key(app=app)
        new, _ = roll_api_key(key=key, overlap=DAY)
    assert (key.created_by, new.created_by) == (dora, dora)


def test_both_keys_work_while_they_overlap(app: App) -> None:
    old, old_plain = create_api_key(app=app, name="server")
    new, new_plain = roll_api_key(key=old, overlap=DAY)
    assert works(old_plain)
    assert works(new_plain)
    assert (old.state, new.state, new.name) == (KeyState.ENDING, KeyState.LIVE, "server")
    assert list_refused_keys([old.pk, new.pk]) == set()


def test_after_the_overlap_the_old_key_is_refused(app: App) -> None:
    old, old_plain = create_api_key(app=app)
    new, new_plain = roll_api_key(key=old, overlap=DAY)
    ApiKey.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    old.refresh_from_db()
    assert old.state is KeyState.ENDED
    assert not works(old_plain)
    assert works(new_plain)
    assert list_refused_keys([old.pk, new.pk, 0]) == {old.pk, 0}
    assert not revoke_api_key(key=old)


def test_a_roll_without_overlap_revokes(app: App, ear: Any) -> None:
    old, plain = create_api_key(app=app)
    with ear.listening():
        roll_api_key(key=old, overlap=timedelta(0))
    assert (old.state, works(plain)) == (KeyState.REVOKED, False)
    assert [name for name, _ in ear.heard] == ["api_key_revoked"]
    assert deeds()[-2:] == ["key.rolled", "key.revoked"]


def test_a_key_that_ends_is_not_rolled_but_can_be_revoked(app: App) -> None:
    old, plain = create_api_key(app=app)
    roll_api_key(key=old, overlap=DAY)
    with pytest.raises(RegistryError, match="ending"):
        roll_api_key(key=old, overlap=DAY)
    assert revoke_api_key(key=old)
    assert not works(plain)
    with pytest.raises(RegistryError, match="revoked"):
        roll_api_key(key=old, overlap=DAY)
    assert ApiKey.objects.filter(app=app).count() == 3


@pytest.mark.parametrize("overlap", [timedelta(days=8), timedelta(seconds=-1)])
def test_an_overlap_has_bounds(app: App, overlap: timedelta) -> None:
    key, _ = create_api_key(app=app)
    with pytest.raises(RegistryError):
        roll_api_key(key=key, overlap=overlap)


def test_replacing_leaves_one_key(app: App) -> None:
    _, old = create_api_key(app=app)
    _, new = replace_api_keys(app=app)
    assert (works(old), works(new)) == (False, True)
    assert [key.state.works for key in ApiKey.objects.filter(app=app)].count(True) == 1


def test_a_key_gets_another_name(app: App) -> None:
    key, _ = create_api_key(app=app, name="laptop")
    rename_api_key(key=key, name=" server ")
    key.refresh_from_db()
    assert (key.name, last_deed().action, last_deed().after) == ("server", "key.renamed", {"name": "server"})
    with pytest.raises(RegistryError):
        rename_api_key(key=key, name="x" * 101)


def test_an_app_has_a_bounded_number_of_keys(app: App) -> None:
    for _ in range(MOST_LIVE_KEYS - 1):
        create_api_key(app=app)
    with pytest.raises(RegistryError, match="Revoke one"):
        create_api_key(app=app)
    assert roll_api_key(key=ApiKey.objects.first() or ApiKey(), overlap=DAY)


def test_one_person_makes_a_bounded_number_of_keys(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "api_key", type(LIMITS["api_key"])(2, 60, "made API keys"))
    with acting_as(make_user(DORA)):
        key, _ = create_api_key(app=app)
        roll_api_key(key=key, overlap=DAY)
        with pytest.raises(TooManyRequests, match="made API keys too often"):
            create_api_key(app=app)
    assert create_api_key(app=app), "commands are not limited"
