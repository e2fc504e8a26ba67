"""Keys of the command line in the console: shown once, one's own only."""

import re

import pytest
from django.test import Client

from accounts.cli_tokens import read_cli_token
from accounts.limits import LIMITS, Limit
from accounts.models import CliKey
from accounts.services import make_cli_key
from tests.consoles.conftest import Browsing
from tests.consoles.developer.test_organization_pages import told
from tests.support.personas import BOB, DORA, make_user

pytestmark = pytest.mark.django_db

LIST = "/console/cli-keys/"


def shown_token(browser: Client, **form: str) -> str:
    """Make a key with the form and return what the page shows."""
    answer = browser.post(LIST, {"name": "laptop", "expires_in_days": "30", **form})
    found = re.search(r'id="secret">([^<]+)<', answer.content.decode())
    assert found
    assert "no-store" in answer.headers["Cache-Control"]
    return found[1]


def test_a_key_is_shown_once_and_kept_nowhere(browsing: Browsing) -> None:
    dora = browsing(DORA)
    token = shown_token(dora)
    assert read_cli_token(token).user.email == DORA
    assert token not in dora.get(LIST).content.decode()
    assert token not in str(dora.cookies) + str(dict(dora.session))


def test_a_key_may_last_for_ever(browsing: Browsing) -> None:
    shown_token(browsing(DORA), expires_in_days="")
    assert CliKey.objects.get().expires_at is None


@pytest.mark.parametrize(
    ("name", "days", "told_why"),
    [("", "30", "required"), ("x" * 101, "30", "at most 100"), ("laptop", "7000", "Select a valid choice")],
)
def test_a_bad_key_is_explained(browsing: Browsing, name: str, days: str, told_why: str) -> None:
    assert told_why in told(browsing(DORA), LIST, name=name, expires_in_days=days)
    assert not CliKey.objects.exists()


def test_a_key_is_renamed_and_revoked(browsing: Browsing) -> None:
    key, _ = make_cli_key(user=make_user(DORA), name="laptop")
    dora, path = browsing(DORA), f"{LIST}{key.pk}/"
    assert "was renamed" in told(dora, f"{path}rename/", name="desk")
    assert "Name the key" in told(dora, f"{path}rename/", name=" ")
    assert "Revoke desk?" in dora.get(f"{path}revoke/").content.decode()
    assert "was revoked" in told(dora, f"{path}revoke/")
    assert "No key yet" in dora.get(LIST).content.decode()


def test_strangers_reach_no_key(browsing: Browsing) -> None:
    key, _ = make_cli_key(user=make_user(DORA), name="laptop of dora")
    bob = browsing(BOB)
    assert "laptop of dora" not in bob.get(LIST).content.decode()
    for deed in ("rename", "revoke"):
        assert bob.post(f"{LIST}{key.pk}/{deed}/", {"name": "x"}).status_code == 404
    key.refresh_from_db()
    assert (key.name, key.revoked_at) == ("laptop of dora", None)


def test_too_many_keys_are_refused_with_a_sentence(
    browsing: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "cli_key", Limit(1, 3600, "made CLI keys"))
    dora = browsing(DORA)
    shown_token(dora)
    assert "made CLI keys too often" in told(dora, LIST, name="another", expires_in_days="30")
