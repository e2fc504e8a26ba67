"""Who may enter the operators' pages."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.sites import UnfoldAdminSite

from consoles.entrance import log_in_first


class OperatorSite(UnfoldAdminSite):
    """`/admin/`: for staff, who may be made to use a second factor."""

    site_header = site_title = "Open Glasses Cloud"
    index_title = "Overview"
    index_template = "console/operator/index.html"

    def extra_urls(self) -> list[URLPattern]:
        """Add the pages that show no table; their modules need this site to be there."""
        from consoles.operator.live_video_pages import live_video_urls
        from consoles.operator.node_pages import node_urls
        from consoles.operator.review_pages import review_urls
        from consoles.operator.speech_pages import speech_urls

        now = path("now/", self.admin_view(self.index_now), name="index_now")
        return [now, *review_urls(self), *node_urls(self), *speech_urls(self), *live_video_urls(self)]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show how the cloud does."""
        return super().index(request, {**_overview(request), **(extra_context or {})})

    def index_now(self, request: HttpRequest) -> TemplateResponse:
        """Show the part of the overview that changes by itself."""
        return TemplateResponse(request, "console/operator/index_now.html", _overview(request))

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not _lacks_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the log-in, or to the set-up of the second factor that is missing."""
        if super().has_permission(request) and _lacks_second_factor(request):
            messages.warning(request, "Operators of this cloud need a second factor. Activate one to go on.")
            return HttpResponseRedirect(reverse("mfa_index"))
        return log_in_first(request, self)


def _overview(request: HttpRequest) -> dict[str, Any]:
    from consoles.operator.dashboard import overview

    return overview() if request.user.has_perm("sessions_app.view_usersession") else {}


def _lacks_second_factor(request: HttpRequest) -> bool:
    return bool(settings.OPERATORS_NEED_TWO_FACTOR) and not is_mfa_enabled(request.user)
