"""The history of an app's review."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from apps_registry.models.app import App
from apps_registry.rules import ReviewEvent

EVENTS = [(event.value, event.value.capitalize()) for event in ReviewEvent]


class ReviewStep(models.Model):
    """One step of an app's way to everybody; `notes` are the operator's words to the developers."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="review_steps")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    event = models.CharField(max_length=16, choices=EVENTS)
    from_status = models.CharField(max_length=16)
    to_status = models.CharField(max_length=16)
    notes = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["app", "-at"], name="review_of_app")]

    def __str__(self) -> str:
        return f"{self.app} {self.event}"
