"""The first page of an app: what it is, how it does, and where to go on; its end stands at the foot."""

from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import TooManyRequests
from accounts.models import User
from accounts.rules import Right
from apps_registry.health_selectors import health_of
from apps_registry.models import App, UrlCheck
from apps_registry.selectors import is_installed, working_keys
from apps_registry.services import note_server_health, note_url_check, remove_app
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.scope import may
from consoles.developer.url_check import UrlReport, check_url
from sessions_app.selectors import count_runs
from sessions_app.states import RunState
from sessions_app.statistics.rules import DAY, percentile
from sessions_app.statistics.selectors import read_statistics


def overview_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page, of the check of its server, and of its end."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _show(request, site, own_app(request, app_pk))

    def check(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _check(request, own_app(request, app_pk, Right.DEVELOP))

    def delete(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _delete(request, site, own_app(request, app_pk, Right.MANAGE))

    return [
        path("apps/<int:app_pk>/", site.admin_view(page), name="app"),
        path("apps/<int:app_pk>/check/", site.admin_view(require_POST(check)), name="app_check"),
        path("apps/<int:app_pk>/delete/", site.admin_view(require_POST(delete)), name="app_delete"),
    ]


def _show(request: HttpRequest, site: AdminSite, app: App, refusal: str = "") -> TemplateResponse:
    total = read_statistics(app.package_name, DAY, timezone.now()).total
    check = UrlCheck.objects.filter(app=app, url=app.public_url).first()
    return show_app_page(
        request,
        site,
        app,
        "console/app_overview.html",
        title="overview",
        check=check,
        health=health_of(app),
        report=None if check is None else UrlReport(check.outcome, check.said),
        total=total,
        p50=percentile(total.latencies, 0.5),
        running=count_runs(app.package_name).get(RunState.RUNNING, 0),
        keys=working_keys().filter(app=app).count(),
        permissions=app.permissions.all(),
        hardware=app.hardware_requirements.all(),
        is_installed=is_installed(cast(User, request.user).pk, app.package_name),
        may_develop=may(request, Right.DEVELOP, app.organization_id),
        may_manage=may(request, Right.MANAGE, app.organization_id),
        refusal=refusal,
    )


def _check(request: HttpRequest, app: App) -> HttpResponse:
    try:
        report = check_url(app.public_url)
    except TooManyRequests as error:
        report = UrlReport("doubtful", error.message)
    else:
        note_url_check(app=app, outcome=report.outcome, said=report.said)
        is_good = report.outcome == "good"
        problem = "" if is_good else report.said
        note_server_health(app_id=app.pk, url=app.public_url, answered=is_good, problem=problem, at_once=True)
    return TemplateResponse(request, "console/url_report.html", {"report": report})


def _delete(request: HttpRequest, site: AdminSite, app: App) -> HttpResponse:
    if request.POST.get("package_name", "").strip() != app.package_name:
        return _show(request, site, app, f"To delete it, type {app.package_name} exactly.")
    remove_app(app=app)
    messages.success(request, f"{app.name} was deleted.")
    return redirect(f"{site.name}:apps_registry_app_changelist")
