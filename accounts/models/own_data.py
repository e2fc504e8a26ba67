"""What a person asks of their own data: a copy of it, or its end."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models.user import User
from accounts.rules.own_data import MAX_REASON_CHARACTERS, ExportFormat, ExportStatus


class DeletionRequest(models.Model):
    """Somebody wants their account deleted; it is, when they show the code that was mailed to them.

    Only a digest of the code is stored. `tries` counts the wrong ones.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="deletion_request")
    code_digest = models.CharField(max_length=64, editable=False)
    reason = models.CharField(max_length=MAX_REASON_CHARACTERS, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"deletion request {self.pk}"


class Departure(models.Model):
    """An account that was deleted: tokens issued before `at` do not make it anew. Nobody can read the address."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"departure at {self.at:%Y-%m-%d %H:%M}"


class DataExport(models.Model):
    """A copy of everything held about a person, made by a worker, kept compressed until `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    format = models.CharField(max_length=4, choices=[(one.value, one.value) for one in ExportFormat])
    status = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in ExportStatus], default=ExportStatus.PENDING
    )
    content = models.BinaryField(null=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"export {self.pk} ({self.status})"
