"""Everything developers and operators did."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import AuditEntry, Organization
from consoles.audit_pages import AuditPage
from sessions_app.admin.filters import ChosenFilter, filter_link


class OrganizationFilter(ChosenFilter):
    """What concerns one organization."""

    title = "organization"
    parameter_name = "organization"

    def label_of(self, chosen: str) -> str:
        found = Organization.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        return found.name if found else "unknown"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or ""
        return queryset.filter(organization=chosen) if chosen.isdecimal() else queryset


@admin.register(AuditEntry)
class AuditLog(AuditPage):
    """Entries of the whole cloud."""

    list_display = (*AuditPage.list_display, "whose")
    list_filter = (*AuditPage.list_filter, OrganizationFilter)
    list_select_related = ("organization",)
    fields = (*AuditPage.fields[:-1], "organization", "diff")

    @admin.display(description="organization")
    def whose(self, entry: AuditEntry) -> str:
        """Return the organization, as a link to all that concerns it."""
        if entry.organization is None:
            return "–"
        return filter_link(entry.organization.name, organization=str(entry.organization.pk))
