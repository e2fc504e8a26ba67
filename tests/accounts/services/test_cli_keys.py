"""Keys of the command line: made once, renamed, revoked."""

import pytest

from accounts.cli_tokens import read_cli_token
from accounts.errors import InvalidCliKey, InvalidCliToken
from accounts.models import AuditEntry, CliKey
from accounts.rules import MAX_KEY_NAME_CHARACTERS, digest_of
from accounts.selectors import cli_keys_of
from accounts.services import make_cli_key, rename_cli_key, revoke_cli_key
from tests.support.personas import DORA, make_user

pytestmark = pytest.mark.django_db


def test_a_token_is_returned_once_and_stored_as_a_digest() -> None:
    key, token = make_cli_key(user=make_user(DORA), name=" laptop ", expires_in_days=30)
    stored = CliKey.objects.get(key_id=key.key_id)
    assert (stored.name, stored.digest) == ("laptop", digest_of(token))
    assert token not in str(CliKey.objects.values())
    assert token not in str(AuditEntry.objects.values())
    assert (stored.expires_at, stored.last_used_at) == (key.expires_at, None)


def test_another_name_is_only_a_name() -> None:
    key, token = make_cli_key(user=make_user(DORA), name="laptop")
    rename_cli_key(key=key, name="desk")
    assert read_cli_token(token).name == "desk"
    with pytest.raises(InvalidCliKey):
        rename_cli_key(key=key, name="x" * (MAX_KEY_NAME_CHARACTERS + 1))


def test_a_revoked_key_is_refused_and_not_listed() -> None:
    dora = make_user(DORA)
    key, token = make_cli_key(user=dora, name="laptop")
    assert revoke_cli_key(key=key)
    assert not revoke_cli_key(key=key)
    with pytest.raises(InvalidCliToken):
        read_cli_token(token)
    assert not cli_keys_of(dora).exists()
    actions = AuditEntry.objects.filter(target_type="accounts.clikey").values_list("action", flat=True)
    assert sorted(actions) == ["cli_key.made", "cli_key.revoked"]


def test_there_is_an_end_to_keys() -> None:
    dora = make_user(DORA)
    CliKey.objects.bulk_create(CliKey(user=dora, key_id=str(n), name="n", digest=str(n)) for n in range(50))
    with pytest.raises(InvalidCliKey, match="50"):
        make_cli_key(user=dora, name="one more")
