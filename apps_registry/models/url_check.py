"""How an app's server answered when somebody last asked it."""

from django.db import models
from django.utils import timezone

from apps_registry.models.app import App
from apps_registry.rules.apps import MAX_URL_CHARACTERS

OUTCOMES = [("good", "Good"), ("doubtful", "Doubtful"), ("bad", "Bad")]


class UrlCheck(models.Model):
    """The last check of an app's public URL, with the sentence people were told."""

    app = models.OneToOneField(App, on_delete=models.CASCADE, related_name="url_check")
    url = models.CharField(max_length=MAX_URL_CHARACTERS)
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    said = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.app}: {self.outcome}"
