"""What glasses can do that the SDK does not know, or not as they are here."""

from typing import Any

from django.db import models


class GlassesProfile(models.Model):
    """The capability profile of one model, as an operator wrote it; it goes before one that came with the cloud.

    `capabilities` is the object apps get (streams-and-permissions §4). One that is not in use changes nothing.
    """

    model_name = models.CharField(
        max_length=100,
        unique=True,
        help_text="Exactly as phones say it, such as “Mentra Live”. With the name of known glasses it replaces theirs.",
    )
    capabilities: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    is_in_use = models.BooleanField("in use", default=True)
    note = models.CharField(max_length=300, blank=True, help_text="Where the facts come from; for operators.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["model_name"]
        verbose_name = "profile of glasses"
        verbose_name_plural = "profiles of glasses"

    def __str__(self) -> str:
        return self.model_name
