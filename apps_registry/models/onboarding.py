"""Who has seen how an app is used."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from apps_registry.models.app import App


class Onboarding(models.Model):
    """Somebody went through an app's instructions. It outlives an uninstall: nobody is told twice."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="onboardings")
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="onboardings")
    completed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "app"], name="onboarded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} knows {self.app}"
