"""What an app does now: one's own session in full, everybody else's as numbers."""

from typing import cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts.models import User
from consoles.developer.app_page import own_app, show_app_page
from sessions_app.inspection.timeline import find_last_failure
from sessions_app.selectors import count_runs, find_run, list_moves
from sessions_app.states import PRESENT_RUN_STATES, RunState

MOST_MOVES = 50
SHOWN_STATES = (RunState.CONNECTING, *PRESENT_RUN_STATES)


def live_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of the part of it that renews itself."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _show(request, app_pk, site, "console/live.html")

    def now(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _show(request, app_pk, site, "console/live_now.html")

    return [
        path("apps/<int:app_pk>/live/", site.admin_view(page), name="live"),
        path("apps/<int:app_pk>/live/now/", site.admin_view(now), name="live_now"),
    ]


def _show(request: HttpRequest, app_pk: int, site: AdminSite, template: str) -> HttpResponse:
    app = own_app(request, app_pk)
    counts = count_runs(app.package_name)
    run = find_run(app.package_name, cast(User, request.user).pk)
    return show_app_page(
        request,
        site,
        app,
        template,
        title="live",
        counts=[(state, counts.get(state, 0)) for state in SHOWN_STATES],
        failure=find_last_failure(app.pk),
        run=run,
        moves=list_moves(run, MOST_MOVES) if run is not None else [],
    )
