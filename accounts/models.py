"""People, their organizations and withdrawn tokens. Knows nothing of apps, sessions or sockets."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.fields import LowerCaseEmailField
from accounts.rules import Role

MAX_NAME_CHARACTERS = 150
ROLES = [(role.value, role.value.capitalize()) for role in Role]


class UserAccounts(BaseUserManager["User"]):
    """Creates users the way Django's own commands expect; everything else goes through services."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password only tokens let them in."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator with all rights in the admin."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the user id on the wire, the numeric id everywhere inside."""

    email = LowerCaseEmailField("e-mail address", unique=True)
    name = models.CharField(max_length=MAX_NAME_CHARACTERS, blank=True)
    # As the phone stores them: snake_case names, any JSON values.
    settings = models.JSONField(default=dict, blank=True)
    default_organization = models.ForeignKey(
        "Organization", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_staff = models.BooleanField("operator", default=False, help_text="May log in to this admin.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Switch off instead of deleting: tokens and log-ins stop working."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserAccounts()

    class Meta:
        ordering: ClassVar[list[str]] = ["email"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # With this, the plain unique index above is case-insensitive in every database.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.email


class Organization(models.Model):
    """Who owns apps: one person or a team."""

    name = models.CharField(max_length=MAX_NAME_CHARACTERS)
    slug = models.SlugField(max_length=80, unique=True)
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


class RevokedToken(models.Model):
    """A core token that is no longer accepted although its signature is good."""

    jti = models.CharField("token id", max_length=255, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    revoked_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.jti
