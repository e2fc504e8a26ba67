"""Places for live video that phones asked for themselves."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class PhoneInput(models.Model):
    """A live input at the media server that belongs to a person whose phone drives the camera itself.

    The row comes before the input and goes after it. `input_id` is the media server's name for it, None while it is
    being made.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    input_id = models.CharField(max_length=200, unique=True, null=True, blank=True)  # noqa: DJ001 - unique, and not known at first
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.input_id or "being made"
