"""An app as its developer registered it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Organization, User
from apps_registry.rules import (
    AppType,
    HardwareLevel,
    HardwareType,
    PermissionType,
    StoreStatus,
    VerificationStatus,
    new_webhook_secret,
)
from apps_registry.rules.apps import MAX_NAME_CHARACTERS, MAX_PACKAGE_NAME_CHARACTERS, MAX_URL_CHARACTERS
from apps_registry.rules.permissions import MAX_DESCRIPTION_CHARACTERS

APP_TYPES = [(kind.value, kind.value.replace("_", " ").capitalize()) for kind in AppType]
STORE_STATUSES = [(status.value, status.value.capitalize()) for status in StoreStatus]
VERIFICATION_STATUSES = [(status.value, status.value.capitalize()) for status in VerificationStatus]
PERMISSION_TYPES = [(kind.value, kind.value.replace("_", " ").capitalize()) for kind in PermissionType]
HARDWARE_TYPES = [(kind.value, kind.value) for kind in HardwareType]
HARDWARE_LEVELS = [(level.value, level.value.capitalize()) for level in HardwareLevel]


class App(models.Model):
    """A mini app: a server somewhere that gets a webhook and then opens a socket to us."""

    package_name = models.CharField(max_length=MAX_PACKAGE_NAME_CHARACTERS, unique=True)
    name = models.CharField(max_length=MAX_NAME_CHARACTERS)
    description = models.TextField(blank=True)
    public_url = models.CharField(
        "public URL", max_length=MAX_URL_CHARACTERS, help_text="Base address of the app's server."
    )
    onboarding_instructions = models.TextField(blank=True)
    webview_url = models.CharField("webview URL", max_length=MAX_URL_CHARACTERS, blank=True)
    logo_url = models.CharField("logo URL", max_length=MAX_URL_CHARACTERS, blank=True)
    app_type = models.CharField(max_length=20, choices=APP_TYPES, default=AppType.BACKGROUND.value)
    store_status = models.CharField(
        max_length=16, choices=STORE_STATUSES, default=StoreStatus.DEVELOPMENT.value
    )
    verification_status = models.CharField(
        max_length=16, choices=VERIFICATION_STATUSES, default=VerificationStatus.NONE.value
    )
    is_deprecated = models.BooleanField(
        "deprecated", default=False, help_text="A deprecated app is not started or installed any more."
    )
    # Kept readable: every webhook is signed with it.
    webhook_secret = models.CharField(max_length=64, default=new_webhook_secret, editable=False)
    previous_webhook_secret = models.CharField(max_length=64, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    settings_definitions = models.JSONField(default=list, blank=True)
    tools = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="apps")
    developer = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="registered_apps"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["package_name"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["store_status", "name"], name="app_by_status_and_name"),
        ]

    def __str__(self) -> str:
        return self.package_name

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """What webhooks are signed with now, newest first: two secrets while one that was rolled is still good."""
        until = self.previous_secret_until
        if until is None or until <= timezone.now():
            return (self.webhook_secret,)
        return self.webhook_secret, self.previous_webhook_secret


class Permission(models.Model):
    """A permission the developer declares; what it unlocks is decided by the rules."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="permissions")
    type = models.CharField(max_length=32, choices=PERMISSION_TYPES)
    description = models.CharField(max_length=MAX_DESCRIPTION_CHARACTERS, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["app", "type"], name="permission_once_per_app"),
        ]

    def __str__(self) -> str:
        return self.type


class HardwareRequirement(models.Model):
    """A part of glasses the app needs or likes to have."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="hardware_requirements")
    type = models.CharField(max_length=16, choices=HARDWARE_TYPES)
    level = models.CharField(max_length=16, choices=HARDWARE_LEVELS, default=HardwareLevel.REQUIRED.value)
    description = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["app", "type"], name="hardware_once_per_app"),
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.level})"
