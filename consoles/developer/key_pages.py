"""API keys of one's apps: made here and shown once, named, revoked."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.rules import Right
from apps_registry.admin import ApiKeyAdmin
from apps_registry.models import ApiKey
from apps_registry.selectors import apps_of
from consoles.developer.scope import OwnOrganizations
from consoles.developer.site import developer_site


@admin.register(ApiKey, site=developer_site)
class OwnKeyAdmin(OwnOrganizations, ApiKeyAdmin):
    """Keys of the visitor's apps; a key that exists is never changed, only revoked."""

    to_organization = "app__organization"
    autocomplete_fields = ()
    list_select_related = ("app__organization",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "app" and request.user.is_authenticated:
            options["queryset"] = apps_of(request.user, Right.DEVELOP)
        return super().formfield_for_foreignkey(db_field, request, **options)
