"""What an app was at each of its versions."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from apps_registry.models.app import App


class AppVersion(models.Model):
    """An app after one change. `config` is its whole `app_config.json`, `changed` the names that differ in it."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    changed = models.JSONField(default=list)
    config = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["app", "number"], name="version_once_per_app"),
        ]

    def __str__(self) -> str:
        return f"{self.app} v{self.number}"

    @property
    def who(self) -> str:
        """Return who made the change, as pages name them."""
        return self.changed_by.email if self.changed_by is not None else "the cloud"
