"""Withdrawing core tokens."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import RevokedToken


@transaction.atomic
def revoke_token(*, token_id: str, expires_at: datetime | None) -> RevokedToken:
    """Refuse the token with this id from now on; harmless when it is revoked already."""
    row, made = RevokedToken.objects.get_or_create(jti=token_id, defaults={"expires_at": expires_at})
    if made:
        record("token.revoked", row, after={"expires_at": expires_at})
    return row


@transaction.atomic
def restore_token(*, token: RevokedToken) -> None:
    """Accept a revoked token again."""
    record("token.restored", token)
    token.delete()


def forget_expired_tokens() -> int:
    """Delete revocations of tokens that expired by themselves; return how many."""
    deleted, _ = RevokedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted
