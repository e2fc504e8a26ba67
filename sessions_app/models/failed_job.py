"""Background jobs that failed and were not tried again."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class FailedJob(models.Model):
    """One job with these arguments that failed in this way, however often; secrets are masked.

    A job of which something had to be masked cannot be run again: `is_masked`.
    """

    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    named_arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    is_masked = models.BooleanField(default=False)
    error = models.CharField(max_length=120)
    message = models.CharField(max_length=500, blank=True)
    trace = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField("last failed", default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.task}: {self.error}"
