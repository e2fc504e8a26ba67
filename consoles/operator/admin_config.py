"""Puts the operators' site in the place of Django's default admin site."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core.checks import CheckMessage, Tags, register


class OperatorAdminConfig(SimpleAdminConfig):
    """Django's admin, with our site as `admin.site`; its pages are registered by the routes."""

    default_site = "consoles.operator.site.OperatorSite"

    def ready(self) -> None:
        """Have the pages checked with everything else."""
        register(check_dependencies, Tags.admin)
        register(check_pages, Tags.admin)


def check_pages(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return what Django's checks have against a page of any site."""
    from consoles.registering import register_pages

    register_pages()
    return check_admin_app(app_configs, **kwargs)
