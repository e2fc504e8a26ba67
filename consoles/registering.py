"""The pages of both sites, which take long to load: wanted by processes that serve or check them, and no others."""

from importlib import import_module

from django.contrib import admin


def register_pages() -> None:
    """Let every application register its pages, then put the operators' own in the place of some; once is enough."""
    admin.autodiscover()
    for name in ("catalogue_pages", "people_pages"):
        import_module(f"consoles.operator.{name}")
