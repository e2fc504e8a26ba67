"""Organizations and who belongs to them."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models.user import MAX_NAME_CHARACTERS, User
from accounts.rules import MAX_EMAIL_CHARACTERS, MAX_SLUG_CHARACTERS, MAX_WEBSITE_CHARACTERS, Role

ROLES = [(role.value, role.value.capitalize()) for role in Role]


class Organization(models.Model):
    """Who owns apps: one person or a team."""

    name = models.CharField(max_length=MAX_NAME_CHARACTERS)
    slug = models.SlugField(max_length=MAX_SLUG_CHARACTERS, unique=True)
    website = models.CharField(max_length=MAX_WEBSITE_CHARACTERS, blank=True)
    logo_url = models.CharField("logo URL", max_length=MAX_WEBSITE_CHARACTERS, blank=True)
    contact_email = models.CharField("contact e-mail", max_length=MAX_EMAIL_CHARACTERS, blank=True)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    members = models.ManyToManyField(User, through="Membership", related_name="organizations")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=ROLES, default=Role.DEVELOPER.value)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "organization"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.organization}"
