"""The versions of an app: kept at every change, compared before one, restored on request."""

from typing import Any

from django.utils import timezone

from accounts.acting import current_actor
from apps_registry.errors import Edit, EditConflict
from apps_registry.models import App, AppVersion
from apps_registry.rules import changed_names, config_of, describe_names
from apps_registry.rules.config import CONFIG_NAMES

MOST_VERSIONS = 200


def app_config(app: App) -> dict[str, Any]:
    """Return the `app_config.json` of `app` without its package name, in two queries."""
    lists = {
        "permissions": app.permissions.order_by("pk").values("type", "description"),
        "hardware_requirements": app.hardware_requirements.order_by("pk").values(
            "type", "level", "description"
        ),
    }
    plain = {field: getattr(app, field) for field in CONFIG_NAMES if field not in lists}
    return config_of({**plain, **lists})


def keep_version(app: App, before: dict[str, Any]) -> None:
    """Count and keep a new version of `app` if its config is no longer `before`; the caller holds the row."""
    after = app_config(app)
    changed = changed_names(before, after)
    if not changed:
        return
    if not AppVersion.objects.filter(app=app, number=app.version).exists():
        AppVersion.objects.create(app=app, number=app.version, config=before, at=app.created_at)
    app.version += 1
    App.objects.filter(pk=app.pk).update(version=app.version, updated_at=timezone.now())
    _keep(app, after, changed)
    AppVersion.objects.filter(app=app, number__lte=app.version - MOST_VERSIONS).delete()


def keep_first_version(app: App) -> None:
    """Keep what `app` was registered with."""
    _keep(app, app_config(app), [])


def check_version(app: App, expected: int | None) -> None:
    """Raise EditConflict unless `app`, read just now, is still at the version a change began with."""
    if expected is None or expected == app.version:
        return
    later = AppVersion.objects.filter(app=app, number__gt=expected).select_related("changed_by")
    edits = [Edit(row.number, row.who, row.at, describe_names(row.changed)) for row in reversed(later)]
    raise EditConflict(app.version, edits)


def _keep(app: App, config: dict[str, Any], changed: list[str]) -> None:
    AppVersion.objects.create(
        app=app, number=app.version, config=config, changed=changed, changed_by=current_actor()
    )
