"""The editor of the settings people find in the phone's app."""

from apps_registry.rules.settings import settings_problems
from consoles.developer.editors import Editor

SETTINGS_EDITOR = Editor(
    page="settings",
    title="Settings",
    read=lambda app: app.settings_definitions,
    changes=lambda document: {"settings_definitions": document},
    find_problems=settings_problems,
    facts=lambda app: {},
)
