"""The page, and what its script asks of the site: a core token, apps, the installation of one."""

from typing import cast

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.admin import AdminSite
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import TooManyRequests
from accounts.models import User
from accounts.tokens import issue_core_token
from apps_registry.errors import AppNotFound, InstallRefused, NoPage, NotInstalled, NoWorkingKey
from apps_registry.selectors import apps_offered_to, find_app
from apps_registry.services import install_app, make_webview_link
from consoles.simulator.errand_views import errand_urls
from sessions_app.phone.capabilities import known_profiles

TOKEN_DAYS = 1
MOST_APPS = 30


def simulator_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page, for whoever may enter `site`."""

    # Browsers differ on whether 'self' covers the WebSocket of the same host; the page speaks to nothing else. Sound
    # that the site got for it is played from memory.
    @csp_update({"connect-src": ["ws:", "wss:"], "media-src": ["blob:"]})
    def page(request: HttpRequest) -> HttpResponse:
        return show_page(request, site)

    return [
        path("simulator/", site.admin_view(page), name="simulator"),
        path("simulator/apps/", site.admin_view(search_apps), name="simulator_apps"),
        path("simulator/token/", site.admin_view(make_token), name="simulator_token"),
        path("simulator/install/", site.admin_view(install), name="simulator_install"),
        path("simulator/page/", site.admin_view(address_of_page), name="simulator_page"),
        *errand_urls(site),
    ]


def show_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the glasses, and what one may start on them."""
    user = cast(User, request.user)
    context = {
        **site.each_context(request),
        "title": "Glasses",
        "facts": {
            "email": user.email,
            "socketPath": "/glasses-ws",
            "models": known_profiles(),
            "graceSeconds": settings.SESSION_GRACE_SECONDS,
            "apps": _apps_for(user),
            "first": request.GET.get("first", ""),
        },
    }
    return TemplateResponse(request, "console/simulator.html", context)


@require_GET
def search_apps(request: HttpRequest) -> JsonResponse:
    """Answer `{"apps"}`: those the visitor has or may install whose name or package name holds `words`."""
    words = request.GET.get("words", "").strip()[:100]
    return JsonResponse({"apps": _apps_for(cast(User, request.user), words)})


@require_POST
@never_cache
def make_token(request: HttpRequest) -> JsonResponse:
    """Answer `{"token"}`: a core token of the visitor, good for a day."""
    return JsonResponse({"token": issue_core_token(cast(User, request.user), days=TOKEN_DAYS)})


@require_POST
def install(request: HttpRequest) -> JsonResponse:
    """Install the app named by `packageName` for the visitor; `{"success"}`, with a `message` when refused."""
    user = cast(User, request.user)
    app = find_app(request.POST.get("packageName", ""))
    if app is None:
        return _refusal("There is no such app.", 404)
    try:
        install_app(user=user, app=app)
    except InstallRefused as refusal:
        return _refusal(refusal.message, 403)
    return JsonResponse({"success": True})


@require_POST
@never_cache
def address_of_page(request: HttpRequest) -> JsonResponse:
    """Answer `{"url"}`, where the visitor opens the page of the app `packageName` as a phone would; or a `message`."""
    user, package = cast(User, request.user), request.POST.get("packageName", "")
    try:
        return JsonResponse({"url": make_webview_link(user=user, package=package)})
    except (AppNotFound, NotInstalled, NoPage) as problem:
        return _refusal(problem.message, 404)
    except NoWorkingKey as problem:
        return _refusal(problem.message, 409)
    except TooManyRequests as problem:
        return _refusal(problem.message, 429)


def _refusal(message: str, status: int) -> JsonResponse:
    return JsonResponse({"success": False, "message": message}, status=status)


def _apps_for(user: User, words: str = "") -> list[dict[str, object]]:
    """Return as many apps as one looks through, the installed ones first."""
    installed = set(user.installations.values_list("app_id", flat=True))
    fitting = apps_offered_to(user)
    if words:
        fitting = fitting.filter(Q(name__icontains=words) | Q(package_name__icontains=words))
    have = list(fitting.filter(pk__in=installed)[:MOST_APPS])
    may_have = fitting.exclude(pk__in=installed)[: MOST_APPS - len(have)]
    return [
        {
            "packageName": app.package_name,
            "name": app.name,
            "isInstalled": app.pk in installed,
            "hasPage": bool(app.webview_url),
        }
        for app in [*have, *may_have]
    ]
