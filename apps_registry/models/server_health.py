"""Whether an app's server takes calls, as this cloud last found by itself."""

from django.db import models
from django.utils import timezone

from apps_registry.models.app import App
from apps_registry.rules.apps import MAX_URL_CHARACTERS


class ServerHealth(models.Model):
    """What calls of an app's health page found; it says nothing of a server that has moved since (`url`).

    `problem` says why the last call failed, `since` is when the server went online or offline.
    """

    app = models.OneToOneField(App, on_delete=models.CASCADE, related_name="server_health", primary_key=True)
    url = models.CharField(max_length=MAX_URL_CHARACTERS)
    is_online = models.BooleanField()
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.app}: {'online' if self.is_online else 'offline'}"
