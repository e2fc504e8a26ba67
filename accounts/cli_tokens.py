"""Tokens of command lines (rest §11): signed by the console's secret, and good only while their key is."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.console_tokens import INVALID, console_backend, read_signed
from accounts.errors import InvalidCliToken
from accounts.models import CliKey
from accounts.rules import digest_of

CLI_TYPE = "cli"
LAST_USED_PRECISION = timedelta(minutes=1)


def sign_cli_token(key: CliKey) -> str:
    """Return the token of `key`. It has no `sub`, so that no phone socket takes it for a core token."""
    claims: dict[str, Any] = {
        "email": key.user.email,
        "type": CLI_TYPE,
        "keyId": key.key_id,
        "name": key.name,
        "iat": key.created_at,
    }
    return console_backend().encode(claims | ({"exp": key.expires_at} if key.expires_at else {}))


def read_cli_token(token: str) -> CliKey:
    """Return the live key of a token, with its active user, in one query; raise InvalidCliToken.

    Notes the use, at most once a minute.
    """
    if read_signed(token, CLI_TYPE) is None:
        raise InvalidCliToken(INVALID)
    now = timezone.now()
    in_time = Q(expires_at=None) | Q(expires_at__gt=now)
    good = CliKey.objects.select_related("user").filter(in_time, revoked_at=None, user__is_active=True)
    key = good.filter(digest=digest_of(token)).first()
    if key is None:
        raise InvalidCliToken(INVALID)
    _note_use(key, now)
    return key


def _note_use(key: CliKey, now: datetime) -> None:
    before = now - LAST_USED_PRECISION
    if key.last_used_at is not None and key.last_used_at > before:
        return
    CliKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=before), pk=key.pk).update(
        last_used_at=now
    )
    key.last_used_at = now
