"""The keys app servers identify themselves with."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from apps_registry.models.app import App
from apps_registry.rules.keys import (
    MAX_KEY_NAME_CHARACTERS,
    PREFIX_CHARACTERS,
    KeyState,
    judge_key_state,
)


class ApiKey(models.Model):
    """One key of an app. The key itself is shown once and never stored: only its start and its digest are."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=MAX_KEY_NAME_CHARACTERS, blank=True)
    prefix = models.CharField(max_length=PREFIX_CHARACTERS, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API key"
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})" if self.name else f"{self.prefix}…"

    @property
    def state(self) -> KeyState:
        """Whether the key works now."""
        return judge_key_state(revoked_at=self.revoked_at, expires_at=self.expires_at, now=timezone.now())
