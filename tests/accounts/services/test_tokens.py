"""Withdrawn core tokens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import RevokedToken
from accounts.services import forget_expired_tokens, revoke_token

pytestmark = pytest.mark.django_db


def test_revoking_twice_is_harmless() -> None:
    first = revoke_token(token_id="id-1", expires_at=None)
    assert revoke_token(token_id="id-1", expires_at=timezone.now()) == first


def test_only_revocations_of_expired_tokens_are_forgotten() -> None:
    now = timezone.now()
    revoke_token(token_id="old", expires_at=now - timedelta(days=1))
    revoke_token(token_id="new", expires_at=now + timedelta(days=1))
    revoke_token(token_id="endless", expires_at=None)
    assert forget_expired_tokens() == 1
    assert set(RevokedToken.objects.values_list("jti", flat=True)) == {"new", "endless"}
