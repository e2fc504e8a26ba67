"""Analytics events for operators."""

from django.contrib import admin
from django.utils.html import format_html_join
from unfold.admin import ModelAdmin

from accounts.paging import BoundedPaginator
from sessions_app.admin.columns import ReadOnly, moment_column
from sessions_app.models import AnalyticsEvent


@admin.register(AnalyticsEvent)
class AnalyticsEventAdmin(ReadOnly, ModelAdmin):  # type: ignore[type-arg]
    """Events of the analytics seam, as far as they are kept in this database."""

    list_display = ("time", "name", "user_id", "facts")
    list_filter = ("name", "at")
    search_fields = ("user_id", "=session_id")
    show_full_result_count = False
    paginator = BoundedPaginator
    fields = ("time", "name", "user_id", "session_id", "facts")
    readonly_fields = ("time", "facts")

    class Media:
        css = {"all": ("sessions_app/admin.css",)}  # noqa: RUF012 - Django's own form of it

    time = moment_column("at", "time (UTC)")

    @admin.display(description="properties")
    def facts(self, event: AnalyticsEvent) -> str:
        """Return one property a line."""
        return format_html_join("", "{}: <b>{}</b><br>", event.properties.items())
