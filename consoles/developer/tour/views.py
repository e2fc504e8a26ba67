"""The page of the tour: each step shows what to do, what was done and what the cloud sees of it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import TooManyRequests
from accounts.limits import take_for_actor
from accounts.models import User
from accounts.rules import Right
from accounts.selectors import organizations_of
from apps_registry.errors import RegistryError
from apps_registry.models import App
from apps_registry.services import create_api_key
from consoles.developer.app_page import own_app
from consoles.developer.tour.answering import Finding, look_for_server
from consoles.developer.tour.code import is_behind_another, port_of, programs_for
from consoles.developer.tour.forms import FirstAppForm
from consoles.developer.tour.hiding import hide, is_hidden, show_again
from consoles.developer.tour.progress import app_of_tour, facts_of
from consoles.developer.tour.steps import is_finished, steps_of

KEY_NAME = "Tour"
LONGEST_NUMBER = 18


def tour_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the tour, for whoever may enter `site`."""

    def page(request: HttpRequest) -> HttpResponse:
        return show_tour(request, site)

    def name(request: HttpRequest) -> HttpResponse:
        return name_app(request, site)

    def key(request: HttpRequest, app_pk: int) -> HttpResponse:
        return make_key(request, app_pk, site)

    return [
        path("tour/", site.admin_view(page), name="tour"),
        path("tour/app/", site.admin_view(require_POST(name)), name="tour_app"),
        path("tour/hide/", site.admin_view(hide_tour), name="tour_hide"),
        path("tour/<int:app_pk>/key/", site.admin_view(never_cache(require_POST(key))), name="tour_key"),
        path("tour/<int:app_pk>/answer/", site.admin_view(watch_server), name="tour_answer"),
    ]


@require_GET
def show_tour(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the tour of the app `?app=`, of the newest one without it, or of one yet to be made with `?new`."""
    asked = request.GET.get("app", "")
    if asked.isdecimal() and len(asked) <= LONGEST_NUMBER:
        app: App | None = own_app(request, int(asked), Right.DEVELOP)
    else:
        app = None if "new" in request.GET else app_of_tour(cast(User, request.user))
    answer = _render(request, site, app)
    show_again(answer)
    return answer


def name_app(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Register the app of the form, then show its tour."""
    form = FirstAppForm(cast(User, request.user), request.POST)
    try:
        app = form.register()
    except TooManyRequests as refusal:
        form.add_error(None, refusal.message)
        app = None
    if app is None:
        return _render(request, site, None, form=form)
    return redirect(f"{site.name}:tour")


def make_key(request: HttpRequest, app_pk: int, site: AdminSite) -> HttpResponse:
    """Make a key and show it this once, with the code that holds it."""
    app = own_app(request, app_pk, Right.DEVELOP)
    try:
        _, plain = create_api_key(app=app, name=KEY_NAME)
    except (RegistryError, TooManyRequests) as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse(f'{site.name}:tour')}?app={app.pk}")
    return _render(request, site, app, api_key=plain)


@require_GET
@never_cache
def watch_server(request: HttpRequest, app_pk: int) -> HttpResponse:
    """Answer with the last two steps as they are now, having called the app's server."""
    app = own_app(request, app_pk, Right.DEVELOP)
    try:
        take_for_actor("server_watch")
        finding = look_for_server(app)
    except TooManyRequests as refusal:
        finding = Finding(False, refusal.message)
    return TemplateResponse(request, "console/tour/server.html", {"app": app, "finding": finding})


@require_POST
def hide_tour(request: HttpRequest) -> HttpResponse:
    """Take the tour off the start page."""
    answer = redirect("console:index")
    hide(answer, cast(User, request.user))
    return answer


def tour_facts(request: HttpRequest) -> dict[str, Any]:
    """Return what the start page shows of the tour; `is_hidden` when it is to show nothing but a way back."""
    user = cast(User, request.user)
    if is_hidden(request, user):
        return {"is_hidden": True}
    app = app_of_tour(user)
    steps = steps_of(facts_of(user, app))
    return {"steps": steps, "is_finished": is_finished(steps), "is_begun": app is not None}


def _render(
    request: HttpRequest,
    site: AdminSite,
    app: App | None,
    *,
    form: FirstAppForm | None = None,
    api_key: str = "",
) -> TemplateResponse:
    user = cast(User, request.user)
    steps = steps_of(facts_of(user, app))
    context = {
        **site.each_context(request),
        "title": "Tour",
        "app": app,
        "steps": steps,
        "is_finished": is_finished(steps),
        "may_develop": organizations_of(user, Right.DEVELOP).exists(),
        "form": (form or FirstAppForm(user)) if app is None else None,
        "api_key": api_key,
        "programs": programs_for(app, api_key) if app else [],
        "hidden_port": port_of(app.public_url) if app and is_behind_another(app.public_url) else None,
    }
    return TemplateResponse(request, "console/tour/page.html", context)
