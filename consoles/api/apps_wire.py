"""An app as programs read and write it (rest §4, streams-and-permissions §6 to §8)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps_registry.models import App
from apps_registry.pictures import preview_images
from apps_registry.rules import HardwareLevel, HardwareType, PermissionType
from apps_registry.rules.apps import DEVELOPERS_TYPES, MAX_PACKAGE_NAME_CHARACTERS

_OBJECTS: dict[str, Any] = {"type": "array", "items": {"type": "object", "additionalProperties": True}}


@extend_schema_field(_OBJECTS)
class ObjectsField(serializers.JSONField):
    """A list of objects whose fields the rules of the catalogue read."""


# A list holds no more; search finds the others.
MOST_APPS = 250


class PermissionSerializer(serializers.Serializer[Any]):
    """A permission the app declares, with the reason its users are told."""

    type = serializers.ChoiceField(choices=[kind.value for kind in PermissionType])
    description = serializers.CharField(required=False)


class HardwareSerializer(serializers.Serializer[Any]):
    """A part of glasses the app needs or likes to have."""

    type = serializers.ChoiceField(choices=[kind.value for kind in HardwareType])
    level = serializers.ChoiceField(choices=[level.value for level in HardwareLevel])
    description = serializers.CharField(required=False)


class PreviewSerializer(serializers.Serializer[Any]):
    """A picture of an app at work."""

    url = serializers.CharField()
    imageId = serializers.CharField()
    orientation = serializers.ChoiceField(choices=("landscape", "portrait"))
    order = serializers.IntegerField()


class AppSerializer(serializers.Serializer[Any]):
    """An app, without anything secret."""

    id = serializers.CharField(source="pk")
    packageName = serializers.CharField(source="package_name")
    name = serializers.CharField()
    description = serializers.CharField()
    onboardingInstructions = serializers.CharField(source="onboarding_instructions")
    publicUrl = serializers.CharField(source="public_url")
    webviewURL = serializers.CharField(source="webview_url")
    logoURL = serializers.CharField(source="logo_url")
    appType = serializers.CharField(source="app_type")
    appStoreStatus = serializers.CharField(source="store_status")
    verificationStatus = serializers.CharField(source="verification_status")
    permissions = serializers.SerializerMethodField()
    hardwareRequirements = serializers.SerializerMethodField()
    settings = ObjectsField(source="settings_definitions")
    tools = ObjectsField()
    version = serializers.CharField()
    previewImages = serializers.SerializerMethodField()
    organizationId = serializers.CharField(source="organization_id")
    orgName = serializers.CharField(source="organization.name")
    developerId = serializers.SerializerMethodField()
    createdAt = serializers.DateTimeField(source="created_at")
    updatedAt = serializers.DateTimeField(source="updated_at")

    @extend_schema_field(PermissionSerializer(many=True))
    def get_permissions(self, app: App) -> list[dict[str, str]]:
        """Return the declared permissions."""
        return [declared(row, "type") for row in app.permissions.all()]

    @extend_schema_field(HardwareSerializer(many=True))
    def get_hardwareRequirements(self, app: App) -> list[dict[str, str]]:  # noqa: N802
        """Return the parts of glasses the app asks for."""
        return [declared(row, "type", "level") for row in app.hardware_requirements.all()]

    @extend_schema_field(PreviewSerializer(many=True))
    def get_previewImages(self, app: App) -> list[dict[str, Any]]:  # noqa: N802
        """Return the pictures the store shows, in their order."""
        return preview_images(app)

    def get_developerId(self, app: App) -> str | None:  # noqa: N802
        """Return the id of who registered the app: never an address, which is theirs to give."""
        return None if app.developer_id is None else str(app.developer_id)


class AppChangesSerializer(serializers.Serializer[Any]):
    """What a developer may say of an app. Keys that are not listed are passed over."""

    name = serializers.CharField(required=False)
    description = serializers.CharField(required=False, allow_blank=True)
    onboardingInstructions = serializers.CharField(
        source="onboarding_instructions", required=False, allow_blank=True, allow_null=True
    )
    publicUrl = serializers.CharField(source="public_url", required=False)
    webviewURL = serializers.CharField(
        source="webview_url", required=False, allow_blank=True, allow_null=True
    )
    logoURL = serializers.CharField(source="logo_url", required=False, allow_blank=True, allow_null=True)
    appType = serializers.CharField(source="app_type", required=False)
    permissions = ObjectsField(required=False)
    settings = ObjectsField(source="settings_definitions", required=False)
    tools = ObjectsField(required=False)
    hardwareRequirements = ObjectsField(source="hardware_requirements", required=False)
    expectedVersion = serializers.IntegerField(
        source="expected_version",
        required=False,
        help_text="The version you began with: 409 when the app has another one by now.",
    )

    def validate_appType(self, value: str) -> str:  # noqa: N802
        """Return the type: one for developers, or the one the app has already."""
        app: App | None = self.context.get("app")
        if value not in DEVELOPERS_TYPES and (app is None or value != app.app_type):
            raise serializers.ValidationError(f"It must be one of {', '.join(DEVELOPERS_TYPES)}.")
        return value


class NewAppSerializer(AppChangesSerializer):
    """What an app is registered with."""

    packageName = serializers.CharField(source="package_name", max_length=MAX_PACKAGE_NAME_CHARACTERS)
    publicUrl = serializers.CharField(source="public_url")
    expectedVersion = None  # type: ignore[assignment]
    orgId = serializers.CharField(
        required=False, allow_null=True, help_text="Without it, your default organization."
    )


def for_the_wire(apps: QuerySet[App]) -> QuerySet[App]:
    """Return `apps` with all that AppSerializer reads, in a fixed number of queries."""
    return apps.select_related("organization").prefetch_related(
        "permissions", "hardware_requirements", "pictures"
    )


def fresh(app: App) -> App:
    """Return `app` as it is now, with all that AppSerializer reads."""
    return for_the_wire(App.objects.filter(pk=app.pk)).get()


def declared(row: Any, *names: str) -> dict[str, str]:
    """Return what a developer declared in `row`: the columns of these names, and why, if they said."""
    said = {name: getattr(row, name) for name in names}
    return said | {"description": row.description} if row.description else said
