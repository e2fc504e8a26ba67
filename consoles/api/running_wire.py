"""Apps as somebody has them: which of them run, which could (rest §2 and §4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from apps_registry.health_selectors import offline_packages
from apps_registry.models import App, Installation
from consoles.api.apps_wire import HardwareSerializer, PermissionSerializer, declared
from consoles.api.store_wire import StoreAppSerializer, for_somebody
from sessions_app.phone.glasses_now import glasses_of
from sessions_app.selectors import AppsNow, apps_now

HEALTHY = (
    "False for an app that is out of use, or whose server takes no calls or fails this person's session."
)


@dataclass(frozen=True, slots=True)
class Now:
    """What is known of somebody's apps: what became of them in their session, and whose servers take no calls."""

    session: AppsNow
    offline: frozenset[str]

    def runs(self, app: App) -> bool:
        """Say whether an app runs."""
        return app.package_name in self.session.running

    def is_healthy(self, app: App) -> bool:
        """Say whether nothing is known against an app; one that runs need not take calls."""
        package = app.package_name
        is_away = package in self.offline and package not in self.session.running
        return not (app.is_deprecated or is_away or package in self.session.failing)


class RunningAppSerializer(StoreAppSerializer):
    """An app as somebody sees it, and whether it runs for them now."""

    is_running = serializers.SerializerMethodField()
    isOnline = serializers.SerializerMethodField(help_text=HEALTHY)

    def get_is_running(self, app: App) -> bool:
        """Say whether it runs."""
        return bool(self.context["now"].runs(app))

    def get_isOnline(self, app: App) -> bool:  # noqa: N802
        """Say whether nothing is known against it."""
        return bool(self.context["now"].is_healthy(app))


class AppletSerializer(serializers.Serializer[Any]):
    """An app as a phone shows it."""

    packageName = serializers.CharField(source="app.package_name")
    name = serializers.CharField(source="app.name")
    webviewUrl = serializers.CharField(source="app.webview_url")
    logoUrl = serializers.CharField(source="app.logo_url")
    type = serializers.CharField(source="app.app_type")
    permissions = serializers.SerializerMethodField()
    running = serializers.SerializerMethodField()
    healthy = serializers.SerializerMethodField(help_text=HEALTHY)
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
        return bool(self.context["now"].runs(row.app))

    def get_healthy(self, row: Installation) -> bool:
        """Say whether nothing is known against it."""
        return bool(self.context["now"].is_healthy(row.app))


def with_their_state(apps: QuerySet[App], user: User) -> Any:
    """Return `apps` as `user` sees them: compared with their glasses, and which of them run."""
    now = _now(user, apps.values_list("package_name", flat=True))
    return for_somebody(apps, user, glasses_of(user), RunningAppSerializer, now=now)


def applets_of(user: User, most: int) -> Any:
    """Return the apps `user` installed as their phone shows them, longest ago first."""
    rows = user.installations.select_related("app").prefetch_related(
        "app__permissions", "app__hardware_requirements"
    )
    shown = list(rows[:most])
    now = _now(user, (row.app.package_name for row in shown))
    return AppletSerializer(shown, many=True, context={"now": now}).data


def _now(user: User, packages: Iterable[str]) -> Now:
    return Now(apps_now(user.pk), offline_packages(packages))
