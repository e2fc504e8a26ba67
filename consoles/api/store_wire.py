"""What the store's clients read (rest §5)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from apps_registry.models import App
from apps_registry.rules import Compatibility, HardwareLevel, HardwareType, Requirement, check_hardware
from apps_registry.store import installed_ids
from consoles.api.apps_wire import AppSerializer, HardwareSerializer, for_the_wire
from sessions_app.phone.glasses_now import GlassesNow


class CompatibilitySerializer(serializers.Serializer[Any]):
    """Whether an app can run on some glasses, and what they lack."""

    isCompatible = serializers.BooleanField(source="is_compatible")
    missingRequired = HardwareSerializer(source="missing_required", many=True)
    missingOptional = HardwareSerializer(source="missing_optional", many=True)
    warnings = serializers.ListField(child=serializers.CharField())


class StoreAppSerializer(AppSerializer):
    """An app as the store shows it to somebody."""

    isInstalled = serializers.SerializerMethodField()
    compatibility = serializers.SerializerMethodField()

    def get_isInstalled(self, app: App) -> bool:  # noqa: N802
        """Say whether the person has it."""
        return app.pk in self.context["installed"]

    @extend_schema_field(CompatibilitySerializer)
    def get_compatibility(self, app: App) -> Any:
        """Compare what it asks for with the glasses the person wears now."""
        return CompatibilitySerializer(_compare(app, self.context["glasses"])).data


class DeviceInfoSerializer(serializers.Serializer[Any]):
    """The glasses somebody wears now."""

    connected = serializers.BooleanField()
    modelName = serializers.CharField(source="model_name", allow_null=True)
    capabilities = serializers.DictField(allow_null=True)


class StoreListSerializer(serializers.Serializer[Any]):
    """What the store shows to somebody, and on which glasses they would run it."""

    success = serializers.BooleanField(default=True)
    data = StoreAppSerializer(many=True)  # type: ignore[assignment]
    deviceInfo = DeviceInfoSerializer()


class InstalledAppSerializer(serializers.Serializer[Any]):
    """An app somebody has, and since when."""

    packageName = serializers.CharField(source="app.package_name")
    installedDate = serializers.DateTimeField(source="installed_at")


class StoreUserSerializer(serializers.Serializer[Any]):
    """Somebody in the store."""

    id = serializers.CharField(source="pk")
    email = serializers.CharField()
    installedApps = serializers.SerializerMethodField()
    createdAt = serializers.DateTimeField(source="created_at")

    @extend_schema_field(InstalledAppSerializer(many=True))
    def get_installedApps(self, user: User) -> Any:  # noqa: N802
        """Return what the person has, longest ago first."""
        return InstalledAppSerializer(user.installations.select_related("app"), many=True).data


class InstalledSerializer(serializers.Serializer[Any]):
    """It is done."""

    success = serializers.BooleanField(default=True)
    message = serializers.CharField()


def for_somebody(
    apps: QuerySet[App],
    user: User,
    glasses: GlassesNow,
    shape: type[StoreAppSerializer] = StoreAppSerializer,
    **more: Any,
) -> Any:
    """Return `apps` as the store, or another `shape`, shows them to `user`; `more` is what that needs besides."""
    context = {"installed": installed_ids(user), "glasses": glasses, **more}
    return shape(for_the_wire(apps), many=True, context=context).data


def _compare(app: App, glasses: GlassesNow) -> Compatibility:
    wanted = (
        Requirement(HardwareType(row.type), HardwareLevel(row.level), row.description)
        for row in app.hardware_requirements.all()
    )
    return check_hardware(wanted, glasses.capabilities)
