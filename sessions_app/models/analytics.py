"""Analytics events kept in the database, the default end of the analytics seam."""

from django.db import models
from django.utils import timezone


class AnalyticsEvent(models.Model):
    """Something worth counting. Keeps no reference to the session, so that it outlives retention."""

    name = models.CharField(max_length=60)
    user_id = models.CharField(max_length=254)
    session_id = models.CharField(max_length=40, blank=True)
    properties = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["name", "at"], name="analytics_name_at")]

    def __str__(self) -> str:
        return f"{self.name} {self.user_id}"
