"""What people report: that something went wrong, or what they think; with logs and pictures."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Incident(models.Model):
    """One report. `said` and `phone_state` are what the phone sent; `session_id` is the session it was in, if any.

    The row is the queue: as long as `collected_at` is empty, logs are still to be gathered. `retry_key` lets a report
    that is sent again be known. `user` is empty for an error report of nobody.
    """

    class Kind(models.TextChoices):
        """A report with logs, an opinion, or an error that a phone's own code ran into."""

        INCIDENT = "incident", "incident"
        FEEDBACK = "feedback", "feedback"
        ERROR = "error", "error report"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="incidents"
    )
    summary = models.CharField(max_length=200, blank=True)
    said = models.JSONField(default=dict, blank=True)
    phone_state = models.JSONField(default=dict, blank=True)
    session_id = models.CharField(max_length=36, blank=True)
    retry_key = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    asked_at = models.DateTimeField("apps were asked", null=True, blank=True)
    collected_at = models.DateTimeField("logs were gathered", null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "report"
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["created_at"], name="incident_waiting", condition=Q(collected_at__isnull=True)
            ),
            models.Index(fields=["created_at"], name="incident_open", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.created_at:%Y-%m-%d %H:%M}"


class IncidentLog(models.Model):
    """Lines that one source brought at once: JSON as it came in `raw`, until a worker made `lines` of it.

    `source` is the phone's word for it, `app` or `server`; `package_name` is the app that the lines are from or about.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="logs")
    source = models.CharField(max_length=20)
    package_name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    raw = models.TextField(blank=True)
    lines = models.JSONField(default=list, blank=True)
    size = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "digest"], name="log_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["package_name", "id"], name="incident_log_of_app"),
            models.Index(fields=["id"], name="incident_log_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.package_name}".strip()


class IncidentAttachment(models.Model):
    """A picture of an incident, in the storage under a name that nobody is told; only operators see it."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="attachments")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, editable=False)
    name = models.CharField(max_length=60, unique=True)
    filename = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "number"], name="attachment_number"),
            models.UniqueConstraint(fields=["incident", "digest"], name="attachment_once"),
        ]

    def __str__(self) -> str:
        return self.filename or self.name
