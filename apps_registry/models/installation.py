"""What a user has of an app: its installation and the values of its settings."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from apps_registry.models.app import App


class Installation(models.Model):
    """An app a user installed. `is_running` means that it comes back at the user's next session.

    `failed_days` counts the days since it last ran on which it did not come back, `failed_on` is the last of them.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="installations")
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="installations")
    installed_at = models.DateTimeField(default=timezone.now, editable=False)
    last_active_at = models.DateTimeField(null=True, blank=True)
    is_running = models.BooleanField(default=False)
    failed_days = models.PositiveSmallIntegerField(default=0, editable=False)
    failed_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["installed_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "app"], name="installed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.app} of {self.user}"


class AppSettingValues(models.Model):
    """The values a user chose for an app's settings, as `[{"key", "value"}]`; they outlive an uninstall."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="app_setting_values")
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="setting_values")
    values = models.JSONField(default=list, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "app setting values"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "app"], name="setting_values_once"),
        ]

    def __str__(self) -> str:
        return f"Settings of {self.app} for {self.user}"
