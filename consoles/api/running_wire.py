"""Apps as somebody has them: which of them run, which could (rest §2 and §4)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from apps_registry.models import App, Installation
from consoles.api.apps_wire import HardwareSerializer, PermissionSerializer, declared
from consoles.api.store_wire import StoreAppSerializer, for_somebody
from sessions_app.phone.glasses_now import glasses_of
from sessions_app.selectors import apps_now


class RunningAppSerializer(StoreAppSerializer):
    """An app as somebody sees it, and whether it runs for them now."""

    is_running = serializers.SerializerMethodField()
    isOnline = serializers.SerializerMethodField(
        help_text="False for an app whose server fails this person's session, or that is out of use."
    )

    def get_is_running(self, app: App) -> bool:
        """Say whether it runs."""
        return app.package_name in self.context["now"].running

    def get_isOnline(self, app: App) -> bool:  # noqa: N802
        """Say whether nothing is known against it."""
        return not app.is_deprecated and app.package_name not in self.context["now"].failing


class AppletSerializer(serializers.Serializer[Any]):
    """An app as a phone shows it."""

    packageName = serializers.CharField(source="app.package_name")
    name = serializers.CharField(source="app.name")
    webviewUrl = serializers.CharField(source="app.webview_url")
    logoUrl = serializers.CharField(source="app.logo_url")
    type = serializers.CharField(source="app.app_type")
    permissions = serializers.SerializerMethodField()
    running = serializers.SerializerMethodField()
    healthy = serializers.SerializerMethodField(
        help_text="False for an app whose server fails this person's session, or that is out of use."
    )
    hardwareRequirements = serializers.SerializerMethodField()
    installedDate = serializers.DateTimeField(source="installed_at")
    lastActiveAt = serializers.DateTimeField(source="last_active_at", allow_null=True)

    @extend_schema_field(PermissionSerializer(many=True))
    def get_permissions(self, row: Installation) -> list[dict[str, str]]:
        """Return the declared permissions."""
        return [declared(one, "type") for one in row.app.permissions.all()]

    @extend_schema_field(HardwareSerializer(many=True))
    def get_hardwareRequirements(self, row: Installation) -> list[dict[str, str]]:  # noqa: N802
        """Return the parts of glasses the app asks for."""
        return [declared(one, "type", "level") for one in row.app.hardware_requirements.all()]

    def get_running(self, row: Installation) -> bool:
        """Say whether it runs."""
        return row.app.package_name in self.context["now"].running

    def get_healthy(self, row: Installation) -> bool:
        """Say whether nothing is known against it."""
        return not row.app.is_deprecated and row.app.package_name not in self.context["now"].failing


def with_their_state(apps: QuerySet[App], user: User) -> Any:
    """Return `apps` as `user` sees them: compared with their glasses, and which of them run."""
    return for_somebody(apps, user, glasses_of(user), RunningAppSerializer, now=apps_now(user.pk))


def applets_of(user: User, most: int) -> Any:
    """Return the apps `user` installed as their phone shows them, longest ago first."""
    rows = user.installations.select_related("app").prefetch_related(
        "app__permissions", "app__hardware_requirements"
    )
    return AppletSerializer(rows[:most], many=True, context={"now": apps_now(user.pk)}).data
