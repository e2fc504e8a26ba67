"""The versions of an app: who changed what, how two of them differ, and the way back to an old one."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from accounts.rules import Right
from apps_registry.models import App, AppVersion
from apps_registry.rules import compare_configs, describe_names
from apps_registry.services import app_config, restore_version
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.deeds import attempt
from consoles.developer.scope import may

PAGE_ROWS = 25


def version_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the list, of one version, and of the way back to it."""

    def every(request: HttpRequest, app_pk: int) -> HttpResponse:
        app = own_app(request, app_pk)
        rows = AppVersion.objects.filter(app=app).defer("config").select_related("changed_by")
        page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
        shown = [(row, describe_names(row.changed)) for row in page.object_list]
        return show_app_page(
            request, site, app, "console/app_versions.html", title="versions", page=page, versions=shown
        )

    def one(request: HttpRequest, app_pk: int, number: int) -> HttpResponse:
        app = own_app(request, app_pk)
        return show_app_page(
            request,
            site,
            app,
            "console/app_version.html",
            title=f"version {number}",
            may_develop=may(request, Right.DEVELOP, app.organization_id),
            **_comparison(app, number, request.GET.get("with", "")),
        )

    def restore(request: HttpRequest, app_pk: int, number: int) -> HttpResponse:
        return _restore(request, own_app(request, app_pk, Right.DEVELOP), number)

    one_path = "apps/<int:app_pk>/versions/<int:number>/"
    return [
        path("apps/<int:app_pk>/versions/", site.admin_view(every), name="app_versions"),
        path(one_path, site.admin_view(one), name="app_version"),
        path(f"{one_path}restore/", site.admin_view(require_POST(restore)), name="app_version_restore"),
    ]


def _comparison(app: App, number: int, compared_with: str) -> dict[str, Any]:
    """Return a version beside the one before it or, `compared_with` "now", beside what the app is now."""
    version = get_object_or_404(AppVersion.objects.select_related("changed_by"), app=app, number=number)
    if compared_with == "now":
        before, after = version.config, app_config(app)
    else:
        earlier = AppVersion.objects.filter(app=app, number__lt=number).first()
        before, after = ({} if earlier is None else earlier.config), version.config
    return {
        "version": version,
        "with_now": compared_with == "now",
        "is_newest": number == app.version,
        "changes": compare_configs(before, after),
    }


def _restore(request: HttpRequest, app: App, number: int) -> HttpResponse:
    get_object_or_404(AppVersion, app=app, number=number)
    seen = request.POST.get("expected_version", "")
    done = attempt(
        request,
        lambda: restore_version(
            app=app, number=number, expected_version=int(seen) if seen.isdecimal() else None
        ),
        f"{app.name} is again what it was at version {number}.",
    )
    if done:
        return redirect("console:app_versions", app.pk)
    return redirect("console:app_version", app.pk, number)
