"""What the catalogue holds about a person, for the copy they may ask for."""

from typing import Any

from accounts.models import User
from apps_registry.models import App, AppSettingValues, AppStorage, AppTester

Section = list[dict[str, Any]]


def sections_of(user: User) -> dict[str, Section]:
    """Return what is held, by section."""
    installed = user.installations.select_related("app").order_by("pk")
    chosen = AppSettingValues.objects.filter(user=user).select_related("app").order_by("pk")
    stored = AppStorage.objects.filter(installation__user=user).select_related("installation__app")
    tested = AppTester.objects.filter(user=user).select_related("app").order_by("pk")
    return {
        "installedApps": [
            {
                "packageName": row.app.package_name,
                "installedAt": row.installed_at,
                "lastActiveAt": row.last_active_at,
                "comesBack": row.is_running,
            }
            for row in installed
        ],
        "appSettings": [{"packageName": row.app.package_name, "values": row.values} for row in chosen],
        "appStorage": [
            {"packageName": row.installation.app.package_name, "values": row.texts}
            for row in stored.order_by("pk")
        ],
        "onboardings": [
            {"packageName": row.app.package_name, "completedAt": row.completed_at}
            for row in user.onboardings.select_related("app").order_by("pk")
        ],
        "testedApps": [{"packageName": row.app.package_name} for row in tested],
        "registeredApps": [
            {"packageName": app.package_name, "name": app.name, "registeredAt": app.created_at}
            for app in App.objects.filter(developer=user).order_by("pk")
        ],
    }
