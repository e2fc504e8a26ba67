"""The site itself: who may enter, what the sidebar holds."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.generic import RedirectView
from unfold.sites import UnfoldAdminSite

from accounts.models import User
from apps_registry.selectors import apps_of
from consoles.developer.account_pages import account_urls
from consoles.developer.app_move_pages import app_move_urls
from consoles.developer.cli_key_pages import cli_key_urls
from consoles.developer.config_pages import config_urls
from consoles.developer.declaration_pages import declaration_urls
from consoles.developer.incident_pages import incident_urls
from consoles.developer.inspector_pages import inspector_urls
from consoles.developer.joining_pages import joining_urls
from consoles.developer.key_pages import key_urls
from consoles.developer.live_pages import live_urls
from consoles.developer.member_pages import member_urls
from consoles.developer.new_app_pages import new_app_urls
from consoles.developer.organization_pages import organization_urls
from consoles.developer.overview_pages import overview_urls
from consoles.developer.picture_pages import picture_urls
from consoles.developer.review_pages import review_urls
from consoles.developer.statistics_pages import statistics_urls
from consoles.developer.tester_pages import tester_urls
from consoles.developer.tour.views import tour_facts, tour_urls
from consoles.developer.version_pages import version_urls
from consoles.entrance import log_in_first
from consoles.simulator.views import simulator_urls

SHOWN_APPS = 6


class DeveloperSite(UnfoldAdminSite):
    """`/console/`: every page on it is limited to the organizations of whoever looks."""

    settings_name = "UNFOLD_CONSOLE"
    site_header = site_title = "Open Glasses Cloud"
    index_title = "Start"
    index_template = "console/index.html"

    def extra_urls(self) -> list[URLPattern]:
        """Add the pages that show no table, and a short way to one that does."""
        log = RedirectView.as_view(pattern_name=f"{self.name}:accounts_auditentry_changelist")
        audit = path("audit/", log, name="audit")
        return [
            *simulator_urls(self),
            *key_urls(self),
            *picture_urls(self),
            *live_urls(self),
            *new_app_urls(self),
            *overview_urls(self),
            *tester_urls(self),
            *config_urls(self),
            *version_urls(self),
            *review_urls(self),
            *statistics_urls(self),
            *inspector_urls(self),
            *incident_urls(self),
            *declaration_urls(self),
            *organization_urls(self),
            *member_urls(self),
            *joining_urls(),
            *account_urls(self),
            *cli_key_urls(self),
            *app_move_urls(self),
            *tour_urls(self),
            audit,
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the log-in."""
        return log_in_first(request, self)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the way to a first app, and the apps there are."""
        apps = list(apps_of(cast(User, request.user)).order_by("-created_at")[:SHOWN_APPS])
        facts = {"apps": apps, "tour": tour_facts(request)}
        return super().index(request, {**facts, **(extra_context or {})})


developer_site = DeveloperSite(name="console")
