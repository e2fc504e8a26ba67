"""Sessions for operators. Disposing condemns at once and leaves the rest to a worker."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from kombu.exceptions import OperationalError
from unfold.admin import ModelAdmin

from sessions_app.admin.columns import ReadOnly, badge, moment_column
from sessions_app.admin.inlines import AppRunInline, SessionTransitionInline
from sessions_app.lifecycle.condemning import condemn
from sessions_app.models import UserSession
from sessions_app.states import LIVE_SESSION_STATES, RunState
from sessions_app.tasks import dispose_session


@admin.register(UserSession)
class UserSessionAdmin(ReadOnly, ModelAdmin):  # type: ignore[type-arg]
    """Sessions of all users."""

    inlines = (AppRunInline, SessionTransitionInline)
    list_display = (
        "user",
        "shown_state",
        "apps",
        "owner",
        "owner_number",
        "connected",
        "deadline",
        "reconnects",
    )
    list_filter = ("state", "owner", "started_at")
    list_select_related = ("user",)
    search_fields = ("=id", "user__email", "owner", "app_runs__package_name")
    show_full_result_count = False
    actions = ("dispose",)
    fieldsets = (
        (None, {"fields": (("user", "shown_state"), ("owner", "generation"), "id")}),
        (
            "Times (UTC)",
            {
                "fields": (
                    ("started", "connected"),
                    ("seen", "disconnected"),
                    ("deadline", "disposed"),
                    "dispose_reason",
                )
            },
        ),
        ("Counters", {"fields": (("reconnects", "events"), ("transcripts", "audio"), "used")}),
    )
    readonly_fields = (
        *("started", "connected", "seen", "disconnected", "deadline", "disposed"),
        *("shown_state", "audio", "used"),
    )

    class Media:
        css = {"all": ("sessions_app/admin.css",)}  # noqa: RUF012 - Django's own form of it

    def get_queryset(self, request: HttpRequest) -> QuerySet[UserSession]:
        return super().get_queryset(request).prefetch_related("app_runs")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.dispose_view)
        return [path("dispose/", view, name="sessions_app_usersession_dispose"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        live = self.get_queryset(request).filter(pk__in=_as_ids([object_id]), state__in=LIVE_SESSION_STATES)
        context = {**(extra_context or {}), "is_live": live.exists(), "original_id": object_id}
        return super().change_view(request, object_id, form_url, context)

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
        cause = f"operator {request.user}: {reason}" if reason else f"operator {request.user}"
        ended = 0
        for session in sessions:
            if condemn(session_id=str(session.pk), reason=cause, now=timezone.now()):
                ended += 1
                self.log_change(request, session, "Disposed.")
                self._hand_to_worker(request, session, cause)
        self.message_user(request, f"Sessions being disposed: {ended}.", messages.SUCCESS)

    def _hand_to_worker(self, request: HttpRequest, session: UserSession, cause: str) -> None:
        try:
            dispose_session.apply_async((str(session.pk), cause), retry=False)
        except OperationalError:
            text = f"No worker can be reached; the session of {session.user} ends when one is back."
            self.message_user(request, text, messages.WARNING)

    @admin.display(description="state", ordering="state")
    def shown_state(self, session: UserSession) -> str:
        """Return the state with its colour."""
        return badge(session.state)

    @admin.display(description="apps")
    def apps(self, session: UserSession) -> str:
        """Return the apps that are not stopped, one a line."""
        rows = [run for run in session.app_runs.all() if run.state != RunState.STOPPED]
        return (
            format_html_join("", "{} {}<br>", ((run.package_name, badge(run.state)) for run in rows)) or "–"
        )

    @admin.display(description="gen.", ordering="generation")
    def owner_number(self, session: UserSession) -> int:
        """Return the generation under a heading that leaves room for the others."""
        return session.generation

    started = moment_column("started_at", "started")
    connected = moment_column("connected_at", "connected")
    seen = moment_column("last_seen_at", "owner last seen")
    disconnected = moment_column("disconnected_at", "disconnected")
    deadline = moment_column("dispose_after", "dispose after")
    disposed = moment_column("disposed_at", "disposed")

    @admin.display(description="audio received")
    def audio(self, session: UserSession) -> str:
        """Return the amount in readable units."""
        return filesizeformat(session.audio_bytes)

    @admin.display(description="apps used")
    def used(self, session: UserSession) -> str:
        """Return every app that ran in this session."""
        return ", ".join(session.apps_used) or "–"


def _as_ids(texts: Iterable[str]) -> Iterator[UUID]:
    for text in texts:
        with suppress(ValueError):
            yield UUID(text)
