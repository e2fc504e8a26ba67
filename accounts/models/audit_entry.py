"""What developers and operators did."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from accounts.models.organization import Organization
from accounts.models.user import User


class AuditEntry(models.Model):
    """One action: who did what to which row, with the fields it changed as they were and as they are now.

    `action` is `noun.verb`. Without an actor it was a command of whoever runs this cloud, or the cloud itself.
    Labels stand beside the references: an entry outlives the person, the organization and the row it speaks of.
    """

    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    actor_label = models.CharField("by", max_length=254, blank=True)
    action = models.CharField(max_length=60, db_index=True)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=64)
    target_label = models.CharField("what", max_length=254)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "audit entries"
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "-id"], name="audit_of_organization"),
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_of_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label or 'The cloud'}: {self.action} {self.target_label}"
