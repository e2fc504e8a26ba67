"""What people reported: incidents with their logs and pictures, feedback, errors of phones."""

import json
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from accounts.audit import record
from accounts.paging import BoundedPaginator
from consoles.api.incidents import show_picture
from sessions_app.admin.columns import ReadOnly, badge, moment_column
from sessions_app.admin.filters import UserFilter, filter_link
from sessions_app.incidents.attachments import open_attachment
from sessions_app.incidents.rules import LEVELS
from sessions_app.incidents.selectors import lines_of, session_of, sources_of
from sessions_app.incidents.services import close
from sessions_app.models import Incident

MOST_COUNTED = 100
OPEN, CLOSED = "open", "closed"


class ReporterFilter(UserFilter):
    """What one person reported."""


class OpenFilter(admin.SimpleListFilter):
    """What is still to be looked at, or not."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(OPEN, "open"), (CLOSED, "closed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        if self.value() not in (OPEN, CLOSED):
            return queryset
        return queryset.filter(closed_at__isnull=self.value() == OPEN)


@admin.register(Incident)
class IncidentPage(ReadOnly, ModelAdmin):  # type: ignore[type-arg]
    """Reports, newest first."""

    list_display = ("summarized", "type_of", "person", "state", "log_count", "picture_count", "reported")
    list_display_links = ("summarized",)
    list_filter = ("kind", OpenFilter, ReporterFilter, "created_at")
    list_select_related = ("user",)
    search_fields = ("summary", "user__email", "id")
    search_help_text = "Words of a report, or a person"
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    actions = ("close", "reopen")

    class Media:
        css = {  # noqa: RUF012 - Django's own form of it
            "all": ("sessions_app/admin.css", "consoles/operator.css", "consoles/incidents.css")
        }

    reported = moment_column("created_at", "reported (UTC)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        rows: QuerySet[Incident] = super().get_queryset(request)
        return rows.annotate(
            logs_there=Count("logs", distinct=True), pictures_there=Count("attachments", distinct=True)
        )

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        picture = path("<uuid:pk>/pictures/<int:number>/", guard(self.picture_view), name="incident_picture")
        return [picture, *super().get_urls()]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may close reports: whoever may change them."""
        return super(ReadOnly, self).has_change_permission(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a report: what was said, what the phone was like, and the log of all sources in one order."""
        incident = self.get_object(request, object_id)
        if incident is None or not self.has_view_permission(request, incident):
            raise Http404
        if request.method == "POST" and self.has_decide_permission(request):
            self._settle(request, [incident], is_closed="close" in request.POST)
            incident.refresh_from_db()
        source, level = request.GET.get("source", ""), request.GET.get("level", "")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{incident.get_kind_display().capitalize()}: {incident.summary or 'no words'}",
            "opts": self.opts,
            "media": self.media,
            "incident": incident,
            "session": session_of(incident),
            "said": _pretty(incident.said),
            "phone_state": _pretty(incident.phone_state),
            "log": lines_of(incident, source=source, level=level),
            "sources": sources_of(incident),
            "levels": LEVELS,
            "source": source,
            "level": level,
            "pictures": list(incident.attachments.all()),
            "may_decide": self.has_decide_permission(request),
        }
        return TemplateResponse(request, "console/operator/incident.html", context)

    def picture_view(self, request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
        """Show a picture of a report to whoever may see the report."""
        incident = get_object_or_404(Incident, pk=pk)
        stored = open_attachment(incident, number) if self.has_view_permission(request, incident) else None
        if stored is None:
            raise Http404
        return show_picture(stored)

    @admin.display(description="report")
    def summarized(self, incident: Incident) -> str:
        """Return what it is about."""
        return incident.summary or "(no words)"

    @admin.display(description="kind", ordering="kind")
    def type_of(self, incident: Incident) -> str:
        """Return what kind of report it is."""
        return incident.get_kind_display()

    @admin.display(description="by")
    def person(self, incident: Incident) -> str:
        """Return who reported it, as a link to all they did."""
        if incident.user is None:
            return "–"
        return filter_link(incident.user.email, email=incident.user.email)

    @admin.display(description="state")
    def state(self, incident: Incident) -> SafeString:
        """Return whether it is still to be looked at."""
        return badge(CLOSED if incident.closed_at else OPEN)

    @admin.display(description="logs")
    def log_count(self, incident: Any) -> int:
        """Return how many pieces of log there are."""
        return int(incident.logs_there)

    @admin.display(description="pictures")
    def picture_count(self, incident: Any) -> int:
        """Return how many pictures there are."""
        return int(incident.pictures_there)

    @admin.action(permissions=["decide"], description="Close")
    def close(self, request: HttpRequest, queryset: QuerySet[Incident]) -> None:
        """Note that the selected reports are dealt with."""
        self._settle(request, queryset, is_closed=True)

    @admin.action(permissions=["decide"], description="Open again")
    def reopen(self, request: HttpRequest, queryset: QuerySet[Incident]) -> None:
        """Note that the selected reports are to be looked at again."""
        self._settle(request, queryset, is_closed=False)

    def _settle(self, request: HttpRequest, incidents: Any, *, is_closed: bool) -> None:
        changed = [one for one in incidents if close(incident=one, is_closed=is_closed)]
        for incident in changed:
            record("incident.closed" if is_closed else "incident.reopened", incident)
        word = "closed" if is_closed else "open again"
        self.message_user(request, f"Reports {word}: {len(changed)}.", messages.SUCCESS)


def count_open(most: int = MOST_COUNTED) -> int:
    """Return how many reports are open, counted to a bound."""
    return Incident.objects.filter(closed_at__isnull=True).order_by()[:most].count()


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) if value else ""
