"""The audit log as a page, for both sites: who did what to which row, with what changed. Read-only."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from accounts.models import AuditEntry
from accounts.paging import BoundedPaginator
from consoles.audit_changes import field_changes
from sessions_app.admin.columns import ReadOnly, moment_column
from sessions_app.admin.filters import ChosenFilter, filter_link

# The kinds of things that were in people's hands lately are offered as filters; search finds the others.
NEWEST_LOOKED_AT = 2_000
MOST_NAMES = 4


class ActionFilter(admin.SimpleListFilter):
    """What was done to which kind of thing."""

    title = "action"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest = model_admin.get_queryset(request).order_by("-pk").values_list("action", flat=True)
        nouns = {action.partition(".")[0] for action in newest[:NEWEST_LOOKED_AT]}
        return [(noun, noun.replace("_", " ").capitalize()) for noun in sorted(nouns)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        noun = self.value()
        return queryset.filter(action__startswith=f"{noun}.") if noun else queryset


class ActorFilter(ChosenFilter):
    """What one person did."""

    title = "by"
    parameter_name = "actor_label"


class TargetFilter(ChosenFilter):
    """What became of one thing."""

    title = "what"
    parameter_name = "target"

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        kind, _, key = (self.value() or "").partition(":")
        return queryset.filter(target_type=kind, target_id=key) if key else queryset


class AuditPage(ReadOnly, ModelAdmin):  # type: ignore[type-arg]
    """Entries, newest first; what one person did or what became of one thing is a click away."""

    list_display: tuple[str, ...] = ("time", "who", "deed", "what", "changed")
    list_display_links = ("time",)
    list_filter: ClassVar[tuple[Any, ...]] = (ActionFilter, "at", ActorFilter, TargetFilter)
    list_filter_submit = False
    search_fields = ("actor_label", "target_label", "action")
    search_help_text = "A person, a thing or an action"
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ("-pk",)
    sortable_by = ()
    fields: ClassVar[tuple[str, ...]] = ("time", "who", "deed", "what", "diff")
    readonly_fields = ("time", "who", "deed", "what", "diff")

    class Media:
        css = {"all": ("consoles/audit.css",)}  # noqa: RUF012 - Django's own form of it

    time = moment_column("at", "time (UTC)")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changes = super().get_changelist_instance(request)
        for entry in changes.result_list:
            entry.list_address = request.path
        return changes

    @admin.display(description="by")
    def who(self, entry: AuditEntry) -> str:
        """Return the person, as a link to all they did."""
        if not entry.actor_label:
            return "the cloud"
        return _link(entry, actor_label=entry.actor_label) or entry.actor_label

    @admin.display(description="action")
    def deed(self, entry: AuditEntry) -> SafeString:
        """Return what was done."""
        return format_html("<code>{}</code>", entry.action)

    @admin.display(description="what")
    def what(self, entry: AuditEntry) -> str:
        """Return the thing, as a link to all that was done to it."""
        named = f"{entry.target_type}:{entry.target_id}"
        return _link(entry, entry.target_label, target=named) or entry.target_label

    @admin.display(description="changed")
    def changed(self, entry: AuditEntry) -> str:
        """Return the names of the fields that changed, the first few of many."""
        names = [name.replace("_", " ") for name in {**entry.before, **entry.after}]
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        return (", ".join(names[:MOST_NAMES]) + more) or "–"

    @admin.display(description="changes")
    def diff(self, entry: AuditEntry) -> str:
        """Return both values of every field, line by line."""
        changes = field_changes(entry.before, entry.after)
        return render_to_string("console/audit_changes.html", {"changes": changes})


def _link(entry: AuditEntry, text: str = "", **query: str) -> SafeString | None:
    address = getattr(entry, "list_address", None)
    return None if address is None else filter_link(text or next(iter(query.values())), address, **query)
