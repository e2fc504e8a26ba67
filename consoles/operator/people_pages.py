"""One person for operators: sessions, installations, organizations, and the way to log them out everywhere."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin

from accounts.admin import UserAdmin
from accounts.audit import record
from accounts.models import User
from accounts.recorded_admin import RecordedAdmin
from accounts.services import log_out_everywhere
from consoles.developer.deeds import ask, attempt
from consoles.operator.pages import WithFacts
from sessions_app.admin.columns import ReadOnly

MOST_ROWS = 10

# Its page would show the secrets of second factors; another one below shows that there are any.
admin.site.unregister(Authenticator)
admin.site.unregister(Group)
admin.site.unregister(User)


@admin.register(User)
class PersonPage(WithFacts, UserAdmin):
    """Users with what they have and do."""

    change_form_after_template = "console/operator/user_more.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.log_out)
        return [path("<int:pk>/log-out/", view, name="accounts_user_log_out"), *super().get_urls()]

    def facts_of(self, row: Any) -> dict[str, Any]:
        return _belongings(row)

    def log_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first, then let nothing issued to this person before now work any more."""
        person = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        back = reverse("admin:accounts_user_change", args=[person.pk])
        if request.method == "POST":
            attempt(request, lambda: log_out_everywhere(user=person), f"{person} is logged out everywhere.")
            return HttpResponseRedirect(back)
        text = (
            "Core and console tokens, log-ins and keys of command lines of this person stop working now, and a live "
            "session ends. They can log in again at once."
        )
        title = f"Log {person} out everywhere"
        return ask(request, self.admin_site, title, text=text, button="Log out everywhere", back=back)


@admin.register(Authenticator)
class SecondFactors(ReadOnly, ModelAdmin):  # type: ignore[type-arg]
    """Who uses a second factor, without its secret. Deleting one lets somebody in who lost theirs."""

    list_display = fields = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super(ReadOnly, self).has_delete_permission(request)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        with transaction.atomic():
            record("user.second_factor_removed", obj.user, before={"type": obj.type})
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        for factor in queryset:
            self.delete_model(request, factor)


@admin.register(Group)
class RecordedGroups(RecordedAdmin, GroupAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Groups of operators and what they may do."""

    noun = "group"

    def record_of(self, row: Group) -> dict[str, Any]:
        """Return the name and the permissions."""
        return {"name": row.name, "permissions": sorted(row.permissions.values_list("codename", flat=True))}


def _belongings(person: User) -> dict[str, Any]:
    return {
        "their_sessions": list(person.sessions.order_by("-started_at")[:MOST_ROWS]),
        "their_installations": list(person.installations.select_related("app")[:MOST_ROWS]),
    }
