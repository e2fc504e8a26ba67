"""What an app keeps in the cloud about one of its users (rest §6)."""

import msgspec
from django.db import models

from apps_registry.models.installation import Installation

_decode = msgspec.json.Decoder(dict[str, str]).decode


class AppStorage(models.Model):
    """The texts an app stored for a user, all in one row: SDKs read them at once and write them in batches.

    The text of `written` is JSON and not a JSONField, which on PostgreSQL holds no NUL. The row ends with the
    installation.
    """

    installation = models.OneToOneField(
        Installation, on_delete=models.CASCADE, primary_key=True, related_name="storage"
    )
    written = models.TextField(default="{}")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "app storage"

    def __str__(self) -> str:
        return f"Storage of {self.installation}"

    @property
    def texts(self) -> dict[str, str]:
        """What is stored, by key."""
        return _decode(self.written)

    @texts.setter
    def texts(self, texts: dict[str, str]) -> None:
        self.written = msgspec.json.encode(texts).decode()
