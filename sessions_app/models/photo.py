"""Photos this cloud keeps for people, and the uploads it waits for."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Photo(models.Model):
    """A picture in the storage. Whoever knows `name` may see it until `expires_at`; None: until its person deletes it.

    The row comes before the file and goes after it, so that no file is without a row; without `stored_at` the file is
    not there yet, or never came. `package_name` is the app that asked, empty for a photo of the person's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photos")
    package_name = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=200)
    name = models.CharField(max_length=60, unique=True)
    content_type = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    in_gallery = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    stored_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "in_gallery", "created_at", "id"], name="photo_of_user"),
            models.Index(fields=["expires_at"], name="photo_expiry", condition=Q(expires_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.width} × {self.height})"


class AwaitedPhoto(models.Model):
    """An upload that somebody was told to make: whoever has the token of this digest may, once, until `expires_at`.

    It is settled by a photo or by an `error`, a code and a sentence; `photo` may be gone later.
    """

    class Kind(models.TextChoices):
        """What for: to be passed on to an app, for an app on the phone that asked the glasses or the camera itself, or
        because a button was pressed that no app cares about."""

        RELAY = "relay", "passed on to an app"
        GLASSES = "glasses", "of the glasses, for an app on the phone"
        PHONE = "phone", "made by the phone itself"
        BUTTON = "button", "of the button"

    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    package_name = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=200)
    in_gallery = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    photo = models.ForeignKey(Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "kind", "request_id"], name="awaited_of_user")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"
