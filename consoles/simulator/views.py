"""The page and the two requests its script makes: a core token, and the installation of an app."""

from typing import cast

from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.tokens import issue_core_token
from apps_registry.errors import InstallRefused
from apps_registry.selectors import apps_offered_to, find_app
from apps_registry.services import install_app
from sessions_app.phone.capabilities import model_names

TOKEN_DAYS = 1


def simulator_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page, for whoever may enter `site`."""

    # Browsers differ on whether 'self' covers the WebSocket of the same host; the page speaks to nothing else.
    @csp_update({"connect-src": ["ws:", "wss:"]})
    def page(request: HttpRequest) -> HttpResponse:
        return show_page(request, site)

    return [
        path("simulator/", site.admin_view(page), name="simulator"),
        path("simulator/token/", site.admin_view(make_token), name="simulator_token"),
        path("simulator/install/", site.admin_view(install), name="simulator_install"),
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
            "models": model_names(),
            "apps": _apps_for(user),
        },
    }
    return TemplateResponse(request, "console/simulator.html", context)


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
        return JsonResponse({"success": False, "message": "There is no such app."}, status=404)
    try:
        install_app(user=user, app=app)
    except InstallRefused as refusal:
        return JsonResponse({"success": False, "message": refusal.message}, status=403)
    return JsonResponse({"success": True})


def _apps_for(user: User) -> list[dict[str, object]]:
    installed = set(user.installations.values_list("app_id", flat=True))
    return [
        {"packageName": app.package_name, "name": app.name, "isInstalled": app.pk in installed}
        for app in apps_offered_to(user)
    ]
