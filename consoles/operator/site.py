"""Who may enter the operators' pages."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from unfold.sites import UnfoldAdminSite

from consoles.entrance import log_in_first


class OperatorSite(UnfoldAdminSite):
    """`/admin/`: for staff, who may be made to use a second factor."""

    site_header = site_title = "Open Glasses Cloud"
    index_title = "Operators"

    def extra_urls(self) -> list[URLPattern]:
        """Add the pages that show no table; their modules need this site to be there."""
        from consoles.operator.node_pages import node_urls
        from consoles.operator.review_pages import review_urls

        return [*review_urls(self), *node_urls(self)]

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not _lacks_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the log-in, or to the set-up of the second factor that is missing."""
        if super().has_permission(request) and _lacks_second_factor(request):
            messages.warning(request, "Operators of this cloud need a second factor. Activate one to go on.")
            return HttpResponseRedirect(reverse("mfa_index"))
        return log_in_first(request, self)


def _lacks_second_factor(request: HttpRequest) -> bool:
    return bool(settings.OPERATORS_NEED_TWO_FACTOR) and not is_mfa_enabled(request.user)
