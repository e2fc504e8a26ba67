"""Keys with which command lines speak for a person (rest §11)."""

import secrets

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.cli_tokens import sign_cli_token
from accounts.limits import take
from accounts.models import CliKey, User
from accounts.rules import check_room, digest_of, expiry_of_key, read_key_name
from accounts.selectors import cli_keys_of


@transaction.atomic
def make_cli_key(*, user: User, name: str, expires_in_days: int | None = None) -> tuple[CliKey, str]:
    """Return a new key of `user` and its token, which is nowhere else: show it once.

    Raises InvalidCliKey, TooManyRequests.
    """
    read = read_key_name(name)
    take("cli_key", user.pk)
    now = timezone.now().replace(microsecond=0)
    expires_at = expiry_of_key(now, expires_in_days)
    User.objects.select_for_update().get(pk=user.pk)
    check_room(cli_keys_of(user).count())
    key = CliKey(user=user, key_id=secrets.token_hex(12), name=read, created_at=now, expires_at=expires_at)
    token = sign_cli_token(key)
    key.digest = digest_of(token)
    key.save()
    record("cli_key.made", key, after={"name": read, "expires_at": expires_at and expires_at.isoformat()})
    return key, token


@transaction.atomic
def rename_cli_key(*, key: CliKey, name: str) -> CliKey:
    """Call `key` by another name; raise InvalidCliKey."""
    before, key.name = key.name, read_key_name(name)
    key.save(update_fields=["name"])
    if before != key.name:
        record("cli_key.renamed", key, before={"name": before}, after={"name": key.name})
    return key


@transaction.atomic
def revoke_cli_key(*, key: CliKey) -> bool:
    """Refuse the token of `key` from now on; return False when it was revoked already."""
    now = timezone.now()
    if not CliKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        return False
    key.revoked_at = now
    record("cli_key.revoked", key)
    return True
