"""Keys with which command lines speak for a person."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models.user import User
from accounts.rules import MAX_KEY_NAME_CHARACTERS


class CliKey(models.Model):
    """A long-lived token of rest §11, stored as a digest only; `last_used_at` is good to a minute."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="cli_keys")
    key_id = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=MAX_KEY_NAME_CHARACTERS)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "CLI key"
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def is_expired(self) -> bool:
        """Say whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()
