"""The editor of the settings people find in the phone's app."""

from typing import Any

from apps_registry.models import App
from apps_registry.rules.settings import settings_problems
from apps_registry.services import AppChanges
from consoles.developer.editors import Editor


def _read(app: App) -> list[dict[str, Any]]:
    definitions: list[dict[str, Any]] = app.settings_definitions
    return definitions


def _changes(document: Any) -> AppChanges:
    return {"settings_definitions": document}


SETTINGS_EDITOR = Editor(
    page="settings",
    title="Settings",
    read=_read,
    changes=_changes,
    find_problems=settings_problems,
    facts=lambda app: {},
)
