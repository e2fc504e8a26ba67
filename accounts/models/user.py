"""A person."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.fields import LowerCaseEmailField

MAX_NAME_CHARACTERS = 150


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
    # What they say about themselves beside their name, and what they allow; both only what they chose.
    profile = models.JSONField(default=dict, blank=True, editable=False)
    privacy = models.JSONField(default=dict, blank=True, editable=False)
    default_organization = models.ForeignKey(
        "Organization", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_staff = models.BooleanField("operator", default=False, help_text="May log in to this admin.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Switch off instead of deleting: tokens and log-ins stop working."
    )
    # Whole seconds, as tokens tell when they were issued; what is older lets nobody in.
    logged_out_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When they confirmed that their account is to be deleted; a worker does it.
    leaving_at = models.DateTimeField(null=True, blank=True, editable=False)
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

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what log-ins are checked against: those from before `logged_out_at` have another one."""
        known: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if self.logged_out_at is None:
            return known
        return salted_hmac("accounts.User", f"{known} {self.logged_out_at.isoformat()}", secret).hexdigest()
