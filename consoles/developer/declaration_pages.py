"""The pages on which a developer says what an app offers and needs."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from consoles.developer.editors import editor_urls
from consoles.developer.permissions_pages import PERMISSIONS_EDITOR
from consoles.developer.settings_pages import SETTINGS_EDITOR
from consoles.developer.tools_pages import TOOLS_EDITOR

EDITORS = (SETTINGS_EDITOR, TOOLS_EDITOR, PERMISSIONS_EDITOR)


def declaration_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of all editors of an app."""
    return [url for editor in EDITORS for url in editor_urls(site, editor)]
