"""What was done in the organizations one manages."""

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import AuditEntry, User
from accounts.rules import Right
from accounts.selectors import organizations_of
from consoles.audit_pages import AuditPage
from consoles.developer.scope import may
from consoles.developer.site import developer_site


@admin.register(AuditEntry, site=developer_site)
class OwnAuditLog(AuditPage):
    """Entries of the organizations in which the visitor has the right to manage."""

    list_display = (*AuditPage.list_display, "organization")
    list_select_related = ("organization",)
    fields = (*AuditPage.fields[:-1], "organization", "diff")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        managed = organizations_of(cast(User, request.user), Right.MANAGE)
        rows: QuerySet[AuditEntry] = super().get_queryset(request).filter(organization__in=managed)
        return rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_manage(request)

    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return may(request, Right.MANAGE, None if obj is None else obj.organization_id)


def may_manage(request: HttpRequest) -> bool:
    """Say whether the visitor manages any organization."""
    return may(request, Right.MANAGE)
