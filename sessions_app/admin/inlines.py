"""What hangs on a session: its apps and its timeline."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from unfold.admin import TabularInline

from sessions_app.admin.columns import ReadOnly, badge, moment_column
from sessions_app.models import AppRun, SessionTransition

NEWEST_MOVES = 200


class AppRunInline(ReadOnly, TabularInline):  # type: ignore[type-arg]
    """Apps of a session: state and what they hear."""

    model = AppRun
    verbose_name_plural = "apps"
    fields = (
        "package_name",
        "shown_state",
        "client",
        "hears",
        "connected",
        "comes_back_until",
        "stop_reason",
    )
    readonly_fields = fields
    hide_title = True

    @admin.display(description="state")
    def shown_state(self, run: AppRun) -> str:
        """Return the state with its colour."""
        return badge(run.state)

    @admin.display(description="SDK")
    def client(self, run: AppRun) -> str:
        """Return family and version of the app's SDK."""
        return f"{run.family} {run.sdk_version}".strip() or "–"

    @admin.display(description="subscriptions")
    def hears(self, run: AppRun) -> str:
        """Return one subscription a line."""
        return (
            format_html_join("", "<code>{}</code><br>", ((str(entry),) for entry in run.subscriptions)) or "–"
        )

    connected = moment_column("connected_at", "connected")
    comes_back_until = moment_column("resume_before", "may return until")


class SessionTransitionInline(ReadOnly, TabularInline):  # type: ignore[type-arg]
    """The timeline: what happened to the session and its apps, the newest last."""

    model = SessionTransition
    verbose_name_plural = f"timeline (newest last, at most {NEWEST_MOVES})"
    fields = ("time", "who", "move", "cause", "detail")
    readonly_fields = fields
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[SessionTransition]:
        moves = super().get_queryset(request).order_by("id")
        session_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        newest = moves.filter(session=session_id).order_by("-id").values_list("pk", flat=True)
        oldest_shown = newest[NEWEST_MOVES - 1 : NEWEST_MOVES].first()
        return moves if oldest_shown is None else moves.filter(pk__gte=oldest_shown)

    time = moment_column("at", "time (UTC)", "milliseconds")

    @admin.display(description="what")
    def who(self, move: SessionTransition) -> str:
        """Return the app that moved, or that the session did."""
        return move.package_name or format_html("<b>{}</b>", "session")

    @admin.display(description="from → to")
    def move(self, move: SessionTransition) -> str:
        """Return both states."""
        before = badge(move.from_state) if move.from_state else "–"
        return format_html("{} → {}", before, badge(move.to_state))
