"""The way of an app to everybody: what it still lacks, where it stands, and what operators said."""

from collections.abc import Callable
from typing import cast

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.rules import Right
from apps_registry.models import App, ReviewStep
from apps_registry.rules import StoreStatus
from apps_registry.services import lacks_of, submit_app, unpublish_app, withdraw_app
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.deeds import attempt
from consoles.developer.scope import may

MOST_STEPS = 50
CHECKS = {
    "DESCRIPTION": "A description",
    "ICON": "An icon",
    "PUBLIC_URL": "An address everybody can reach",
    "PERMISSION_REASONS": "A reason for each permission",
    "API_KEY": "An API key",
}
STEPS: dict[str, tuple[Callable[..., object], str]] = {
    "submit": (submit_app, "Submitted. You get a mail when operators have decided."),
    "withdraw": (withdraw_app, "Taken out of the queue."),
    "unpublish": (unpublish_app, "No longer in the store. Who installed it keeps it."),
}


def review_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of the steps a developer takes."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        app = own_app(request, app_pk)
        lacks = {lack.code: lack.message for lack in lacks_of(app)}
        return show_app_page(
            request,
            site,
            app,
            "console/app_review.html",
            title="review",
            checks=[(title, lacks.get(code, "")) for code, title in CHECKS.items()],
            is_ready=not lacks,
            is_before=app.store_status in (StoreStatus.DEVELOPMENT, StoreStatus.REJECTED),
            steps=ReviewStep.objects.filter(app=app).select_related("actor")[:MOST_STEPS],
            may_develop=may(request, Right.DEVELOP, app.organization_id),
        )

    def step(request: HttpRequest, app_pk: int, name: str) -> HttpResponse:
        return _take(request, own_app(request, app_pk, Right.DEVELOP), name)

    return [
        path("apps/<int:app_pk>/review/", site.admin_view(page), name="app_review"),
        path(
            "apps/<int:app_pk>/review/<str:name>/",
            site.admin_view(require_POST(step)),
            name="app_review_step",
        ),
    ]


def _take(request: HttpRequest, app: App, name: str) -> HttpResponse:
    if name not in STEPS:
        raise Http404
    service, done = STEPS[name]
    attempt(request, lambda: service(app=app, by=cast(User, request.user)), done)
    return redirect("console:app_review", app.pk)
