"""Tokens that were withdrawn before their time."""

from django.db import models
from django.utils import timezone


class RevokedToken(models.Model):
    """A core token that is no longer accepted although its signature is good."""

    jti = models.CharField("token id", max_length=255, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    revoked_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.jti
