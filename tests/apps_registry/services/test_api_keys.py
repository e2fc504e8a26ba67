"""Making and revoking keys."""

from typing import Any

import pytest

from apps_registry.models import ApiKey
from apps_registry.rules import hash_api_key
from apps_registry.services import create_api_key, revoke_api_key
from tests.support.personas import make_app

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
