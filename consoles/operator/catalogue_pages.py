"""One app for operators: where it runs now, its versions and its review, and the way to revoke all of its keys."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from apps_registry.admin import AppAdmin
from apps_registry.health_selectors import health_of
from apps_registry.models import App
from apps_registry.services import revoke_all_keys
from consoles.developer.deeds import ask, attempt
from consoles.operator.pages import WithFacts
from sessions_app.selectors import count_runs

MOST_VERSIONS = 10

admin.site.unregister(App)


@admin.register(App)
class AppPage(WithFacts, AppAdmin):
    """Apps with what they do now."""

    change_form_after_template = "console/operator/app_more.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.revoke_keys)
        return [
            path("<int:pk>/revoke-keys/", view, name="apps_registry_app_revoke_keys"),
            *super().get_urls(),
        ]

    def facts_of(self, row: Any) -> dict[str, Any]:
        return _doings(row)

    def revoke_keys(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first, then end every key of the app."""
        app = get_object_or_404(App.objects.select_related("organization"), pk=pk)
        if not self.has_change_permission(request, app):
            raise PermissionDenied
        back = reverse("admin:apps_registry_app_change", args=[app.pk])
        if request.method == "POST":
            attempt(request, lambda: revoke_all_keys(app=app), f"No key of {app} works any more.")
            return HttpResponseRedirect(back)
        text = "Every key of this app stops working now, and its sockets close. Its developers can make new ones."
        title = f"Revoke all keys of {app}"
        return ask(request, self.admin_site, title, text=text, button="Revoke all keys", back=back)


def _doings(app: App) -> dict[str, Any]:
    return {
        "health": health_of(app),
        "app_counts": sorted(count_runs(app.package_name).items()),
        "app_versions": list(app.versions.select_related("changed_by")[:MOST_VERSIONS]),
    }
