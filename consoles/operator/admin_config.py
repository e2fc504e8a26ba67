"""Puts the operators' site in the place of Django's default admin site."""

from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    """Django's admin, with our site as `admin.site`."""

    default_site = "consoles.operator.site.OperatorSite"

    def ready(self) -> None:
        """Let every application register its pages, then put ours in the place of some."""
        super().ready()
        from consoles.operator import catalogue_pages, people_pages  # noqa: F401
