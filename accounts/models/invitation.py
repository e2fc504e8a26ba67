"""Invitations into organizations."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.fields import LowerCaseEmailField
from accounts.models.organization import ROLES, Organization
from accounts.models.user import User
from accounts.rules import Role


class Invitation(models.Model):
    """An offer of a role to whoever reads the mail of an address; the token of the mail is stored as a digest only."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = LowerCaseEmailField("e-mail address")
    role = models.CharField(max_length=16, choices=ROLES, default=Role.DEVELOPER.value)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="sent_invitations"
    )
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    emails_sent = models.PositiveIntegerField(default=0)
    last_email_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    rescinded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at=None, rescinded_at=None),
                name="invitation_pending_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    def is_expired(self) -> bool:
        """Say whether the time to accept is over."""
        return self.expires_at <= timezone.now()
