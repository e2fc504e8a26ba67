"""The pictures of an app that people uploaded."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from apps_registry.models.app import App


class Picture(models.Model):
    """A stored picture: an icon an app has or had, one of its previews in their order, or an upload for no app yet."""

    class Kind(models.TextChoices):
        ICON = "icon"
        PREVIEW = "preview"
        UPLOAD = "upload"

    app = models.ForeignKey(App, null=True, blank=True, on_delete=models.CASCADE, related_name="pictures")
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=80, db_index=True, editable=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["app", "kind", "name"], name="picture_once_per_app"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.image_id[:8]} of {self.app or self.created_by}"

    @property
    def image_id(self) -> str:
        """Return what clients call the picture: the digest of its bytes."""
        return self.name.partition(".")[0]

    @property
    def orientation(self) -> str:
        """Return `portrait` or `landscape`."""
        return "portrait" if self.height > self.width else "landscape"
