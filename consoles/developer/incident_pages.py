"""What an app's own sessions contributed to reported problems; of whom and of other apps nothing is shown."""

from uuid import UUID

from django.contrib.admin import AdminSite
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from consoles.developer.app_page import own_app, show_app_page
from sessions_app.incidents.selectors import incidents_of_app, lines_of_app

MOST_LISTED = 100


def incident_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the list and of one report."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        app = own_app(request, app_pk)
        pieces = Count("logs", filter=Q(logs__package_name=app.package_name))
        listed = incidents_of_app(app.package_name).only("pk", "created_at").annotate(pieces=pieces)
        return show_app_page(
            request,
            site,
            app,
            "console/app_incidents.html",
            title="incidents",
            incidents=list(listed[:MOST_LISTED]),
        )

    def one(request: HttpRequest, app_pk: int, pk: UUID) -> HttpResponse:
        app = own_app(request, app_pk)
        incident = get_object_or_404(incidents_of_app(app.package_name).only("pk", "created_at"), pk=pk)
        return show_app_page(
            request,
            site,
            app,
            "console/app_incident.html",
            title="incident",
            incident=incident,
            log=lines_of_app(incident, app.package_name),
        )

    return [
        path("apps/<int:app_pk>/incidents/", site.admin_view(page), name="app_incidents"),
        path("apps/<int:app_pk>/incidents/<uuid:pk>/", site.admin_view(one), name="app_incident"),
    ]
