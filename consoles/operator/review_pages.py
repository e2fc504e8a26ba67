"""Apps that wait for a decision: the queue, and everything an operator needs to decide about one of them."""

from functools import partial
from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse

from accounts.errors import AccountError
from accounts.models import User
from apps_registry.models import App
from apps_registry.pictures import list_previews, path_of, picture_url
from apps_registry.rules import StoreStatus, VerificationStatus
from apps_registry.services.review import approve_app, lacks_of, reject_app
from apps_registry.store_selectors import recent_decisions, review_queue
from consoles.developer.deeds import attempt
from consoles.developer.url_check import UrlReport, check_url
from consoles.operator.pages import route, show

MOST_WAITING = 100
MOST_DECISIONS = 15
MOST_VERSIONS = 10
MAY_SEE = "apps_registry.view_app"
MAY_DECIDE = "apps_registry.change_app"


def review_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the queue and of one app in it."""
    return [
        route(site, "review/", show_queue, "review", MAY_SEE),
        route(site, "review/<int:app_pk>/", show_app, "review_app", MAY_SEE),
        route(site, "review/<int:app_pk>/address/", show_address, "review_address", MAY_DECIDE),
        route(site, "review/<int:app_pk>/decide/", decide, "review_decide", MAY_DECIDE),
    ]


def show_queue(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show who waits, longest first, and what was decided lately."""
    waiting = list(review_queue()[:MOST_WAITING])
    decisions = list(recent_decisions()[:MOST_DECISIONS])
    return show(request, site, "console/operator/review.html", "Review", apps=waiting, decisions=decisions)


def show_app(site: AdminSite, request: HttpRequest, app_pk: int) -> HttpResponse:
    """Show one app as its developers submitted it."""
    app = get_object_or_404(
        App.objects.select_related("organization", "developer").prefetch_related("pictures"), pk=app_pk
    )
    return show(
        request,
        site,
        "console/operator/review_app.html",
        f"Review of {app.name}",
        app=app,
        **_pictures(app),
        permissions=list(app.permissions.all()),
        requirements=list(app.hardware_requirements.all()),
        versions=list(app.versions.select_related("changed_by")[:MOST_VERSIONS]),
        steps=list(app.review_steps.select_related("actor")[:MOST_DECISIONS]),
        lacks=lacks_of(app),
        verifications=[status.value for status in VerificationStatus],
        is_waiting=app.store_status == StoreStatus.SUBMITTED,
        may_decide=request.user.has_perm(MAY_DECIDE),
    )


def _pictures(app: App) -> dict[str, object]:
    """Return the sources of the pictures this cloud has; an icon elsewhere is only linked, browsers may not load it."""
    stored = {picture_url(one): default_storage.url(path_of(one.name)) for one in app.pictures.all()}
    previews = [stored[picture_url(one)] for one in list_previews(app)]
    return {"icon": stored.get(app.logo_url, ""), "previews": previews}


def show_address(site: AdminSite, request: HttpRequest, app_pk: int) -> HttpResponse:
    """Call the app's address now and show what came of it."""
    app = get_object_or_404(App, pk=app_pk)
    try:
        report = check_url(app.public_url)
    except AccountError as refusal:
        report = UrlReport("doubtful", refusal.message)
    return TemplateResponse(request, "console/operator/review_address.html", {"report": report})


def decide(site: AdminSite, request: HttpRequest, app_pk: int) -> HttpResponse:
    """Approve or reject a submitted app; notes go to its developers, who need them for a rejection."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    app = get_object_or_404(App, pk=app_pk)
    operator, notes = cast(User, request.user), request.POST.get("notes", "")
    decision = request.POST.get("decision")
    done = False
    if decision == "approve":
        vouched = request.POST.get("verification_status") or None
        deed = partial(approve_app, app=app, by=operator, notes=notes, verification_status=vouched)
        done = attempt(request, deed, f"{app.name} is published.")
    elif decision == "reject":
        deed = partial(reject_app, app=app, by=operator, notes=notes)
        done = attempt(request, deed, f"{app.name} went back to its developers.")
    else:
        messages.error(request, "Approve the app or reject it.")
    back = reverse("admin:review") if done else reverse("admin:review_app", args=[app_pk])
    return HttpResponseRedirect(back)


def waiting_badge(request: HttpRequest) -> str:
    """Return how many apps wait, for the sidebar; an empty text when none does."""
    if not request.user.has_perm(MAY_SEE):
        return ""
    waiting = App.objects.filter(store_status=StoreStatus.SUBMITTED).order_by()[:MOST_WAITING].count()
    return str(waiting or "")
