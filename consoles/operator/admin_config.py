"""Puts the operators' site in the place of Django's default admin site."""

from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    """Django's admin, with our site as `admin.site`."""

    default_site = "consoles.operator.site.OperatorSite"
