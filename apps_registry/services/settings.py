"""Saving what a user chose in an app's settings."""

from typing import Any

from django.db import transaction

from accounts.models import User
from apps_registry.models import App, AppSettingValues
from apps_registry.rules import apply_setting_values, merge_settings, read_setting_values
from apps_registry.rules.setting_values import check_setting_values
from apps_registry.signals import announce, app_settings_changed


@transaction.atomic
def save_settings(*, user: User, app: App, changes: object) -> list[dict[str, Any]]:
    """Store `changes`, one `{"key", "value"}` object or a list of them; settings that are not named stay.

    Returns the full merged list (definition + `value`) and announces that it changed. Raises RegistryError, and
    SettingRefused for a value that does not fit its definition.
    """
    read = read_setting_values(changes)
    check_setting_values(app.settings_definitions, read)
    row, _ = AppSettingValues.objects.select_for_update().get_or_create(user=user, app=app)
    row.values = apply_setting_values(row.values, read)
    row.save()
    merged = merge_settings(app.settings_definitions, row.values)
    announce(app_settings_changed, sender=App, user=user, app=app)
    return merged
