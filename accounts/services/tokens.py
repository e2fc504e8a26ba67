"""Withdrawing core tokens."""

from datetime import datetime

from django.utils import timezone

from accounts.models import RevokedToken


def revoke_token(*, token_id: str, expires_at: datetime | None) -> RevokedToken:
    """Refuse the token with this id from now on; harmless when it is revoked already."""
    row, _ = RevokedToken.objects.get_or_create(jti=token_id, defaults={"expires_at": expires_at})
    return row


def forget_expired_tokens() -> int:
    """Delete revocations of tokens that expired by themselves; return how many."""
    deleted, _ = RevokedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted
