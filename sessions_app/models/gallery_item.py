"""What glasses took and brought here by themselves, until their phone has fetched it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class GalleryItem(models.Model):
    """A picture or film on its way from the glasses to the phone. Whoever knows `name` may fetch it.

    The row comes before the file and goes after it. Without `stored_at` the file is not there yet: of a film it may be
    brought once, until `upload_until`, by whoever has the token of `upload_digest`; `claimed_at`: somebody does.
    """

    class Kind(models.TextChoices):
        """What it is."""

        IMAGE = "image", "picture"
        VIDEO = "video", "film"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gallery_items")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    name = models.CharField(max_length=60, unique=True)
    filename = models.CharField(max_length=255)
    mime_type = models.CharField(max_length=50)
    size = models.BigIntegerField()
    device_id = models.CharField(max_length=200, blank=True)
    metadata: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    captured_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    upload_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    upload_until = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    stored_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["captured_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "captured_at", "id"], name="gallery_item_of_user")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.filename}"
