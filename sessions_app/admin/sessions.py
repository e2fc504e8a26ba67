"""Sessions for operators. Disposing condemns at once and leaves the rest to a worker."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from unfold.admin import ModelAdmin

from accounts.paging import BoundedPaginator
from sessions_app.admin.columns import ReadOnly, badge, moment_column
from sessions_app.admin.counting import count_sessions
from sessions_app.admin.filters import AppFilter, NodeFilter, UserFilter, filter_link
from sessions_app.admin.searching import find_sessions
from sessions_app.admin.session_page import facts_of
from sessions_app.models import UserSession
from sessions_app.operating import end_by_hand, hand_to_worker, stop_app_by_hand
from sessions_app.states import LIVE_SESSION_STATES, RunState

MOST_NAMED = 3
REFRESH_SECONDS = 4


@admin.register(UserSession)
class UserSessionAdmin(ReadOnly, ModelAdmin):  # type: ignore[type-arg]
    """Sessions of all users."""

    list_display = (
        "person",
        "shown_state",
        "apps",
        "node",
        "connected",
        "deadline",
        "reconnects",
    )
    list_display_links = ("person",)
    list_filter = ("state", NodeFilter, AppFilter, UserFilter, "started_at")
    list_select_related = ("user",)
    list_per_page = 50
    list_before_template = "admin/sessions_app/usersession/list_top.html"
    search_fields = ("id",)
    search_help_text = "A person, an app, a node or the id of a session"
    paginator = BoundedPaginator
    show_full_result_count = False
    actions = ("dispose",)

    class Media:
        js = ("sessions_app/live_list.js",)
        css = {"all": ("sessions_app/admin.css", "sessions_app/timeline.css")}  # noqa: RUF012 - Django's own form of it

    def get_queryset(self, request: HttpRequest) -> QuerySet[UserSession]:
        return super().get_queryset(request).prefetch_related("app_runs")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[UserSession], search_term: str
    ) -> tuple[QuerySet[UserSession], bool]:
        """Find by id, person, app or node, without looking through every row."""
        return find_sessions(queryset, search_term), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, or for its own refreshes only the rows and the counts above them."""
        context = {**(extra_context or {}), "counts": count_sessions(), "refresh_seconds": REFRESH_SECONDS}
        answer = super().changelist_view(request, context)
        if "HX-Request" in request.headers and isinstance(answer, TemplateResponse):
            answer.template_name = "admin/sessions_app/usersession/list_rows.html"
        return answer

    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, "sessions_app_usersession"
        return [
            path("dispose/", guard(self.dispose_view), name=f"{name}_dispose"),
            path("<uuid:pk>/now/", guard(self.now_view), name=f"{name}_now"),
            path("<uuid:pk>/stop-app/", guard(self.stop_app_view), name=f"{name}_stop_app"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a session; nothing on its page can be changed but by its buttons."""
        session = self.get_object(request, object_id)
        if session is None:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self._show(request, session, "session.html")

    def now_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the part of a session's page that changes by itself."""
        return self._show(request, get_object_or_404(self.get_queryset(request), pk=pk), "session_now.html")

    def _show(self, request: HttpRequest, session: UserSession, template: str) -> HttpResponse:
        if not self.has_view_permission(request, session):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **facts_of(session, request.GET),
            "title": f"Session of {session.user}",
            "opts": self.opts,
            "media": self.media,
            "original": session,
            "may_end": self.has_dispose_permission(request),
            "query": request.GET.urlencode(),
        }
        return TemplateResponse(request, f"admin/sessions_app/usersession/{template}", context)

    def stop_app_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Confirm (GET) or carry out (POST) the stop of the app named by `app`."""
        if not self.has_dispose_permission(request):
            raise PermissionDenied
        session = get_object_or_404(self.get_queryset(request), pk=pk)
        named = request.POST if request.method == "POST" else request.GET
        run = get_object_or_404(session.app_runs, package_name=named.get("app", ""))
        if request.method != "POST":
            context = {**self.admin_site.each_context(request), "title": f"Stop {run.package_name}"}
            context |= {"opts": self.opts, "media": self.media, "session": session, "run": run}
            return TemplateResponse(request, "admin/sessions_app/usersession/stop_app.html", context)
        reply = stop_app_by_hand(session=session, package_name=run.package_name)
        said = f"{run.package_name} is stopped." if reply.ok else f"{reply.code}: {reply.message}"
        self.message_user(request, said, messages.SUCCESS if reply.ok else messages.ERROR)
        return HttpResponseRedirect(reverse("admin:sessions_app_usersession_change", args=[pk]))

    def has_dispose_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may end sessions: whoever may change them."""
        return super(ReadOnly, self).has_change_permission(request)

    @admin.action(permissions=["dispose"], description="Dispose the selected sessions")
    def dispose(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> HttpResponse:
        """Ask for confirmation first."""
        return self._ask(request, queryset)

    def dispose_view(self, request: HttpRequest) -> HttpResponse:
        """Confirm (GET) or carry out (POST) the end of the sessions named by `session`."""
        if not self.has_dispose_permission(request):
            raise PermissionDenied
        named = request.POST if request.method == "POST" else request.GET
        chosen = self.get_queryset(request).filter(pk__in=_as_ids(named.getlist("session")))
        if request.method != "POST":
            return self._ask(request, chosen)
        self._end(request, chosen, request.POST.get("reason", "").strip())
        return HttpResponseRedirect(reverse("admin:sessions_app_usersession_changelist"))

    def _ask(self, request: HttpRequest, sessions: Iterable[UserSession]) -> HttpResponse:
        live = [session for session in sessions if session.state in LIVE_SESSION_STATES]
        context = {**self.admin_site.each_context(request), "title": "Dispose sessions", "sessions": live}
        context |= {"opts": self.model._meta, "media": self.media}
        return TemplateResponse(request, "admin/sessions_app/usersession/dispose.html", context)

    def _end(self, request: HttpRequest, sessions: Iterable[UserSession], reason: str) -> None:
        ended = [session for session in sessions if end_by_hand(session=session, reason=reason)]
        self.message_user(request, f"Sessions being disposed: {len(ended)}.", messages.SUCCESS)
        waiting = [session for session in ended if not hand_to_worker(session=session, reason=reason)]
        if waiting:
            whose = ", ".join(str(session.user) for session in waiting[:MOST_NAMED])
            text = f"No worker can be reached; the session of {whose} ends when one is back."
            self.message_user(request, text, messages.WARNING)

    @admin.display(description="user", ordering="user__email")
    def person(self, session: UserSession) -> str:
        """Return the address under which the session's page is linked."""
        return session.user.email

    @admin.display(description="node", ordering="owner")
    def node(self, session: UserSession) -> str:
        """Return the owner, as a link to all it owns."""
        return filter_link(session.owner, owner=session.owner) if session.owner else "–"

    @admin.display(description="state", ordering="state")
    def shown_state(self, session: UserSession) -> str:
        """Return the state with its colour."""
        return badge(session.state)

    @admin.display(description="apps")
    def apps(self, session: UserSession) -> str:
        """Return the apps that are not stopped, one a line."""
        rows = [run for run in session.app_runs.all() if run.state != RunState.STOPPED]
        return (
            format_html_join(
                "",
                "{} {}<br>",
                ((filter_link(run.package_name, app=run.package_name), badge(run.state)) for run in rows),
            )
            or "–"
        )

    connected = moment_column("connected_at", "connected")
    deadline = moment_column("dispose_after", "dispose after")


def _as_ids(texts: Iterable[str]) -> Iterator[UUID]:
    for text in texts:
        with suppress(ValueError):
            yield UUID(text)
