"""Background jobs that failed: run again or dismissed by hand."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from kombu.exceptions import OperationalError as BrokerAway
from unfold.admin import ModelAdmin

from accounts.paging import BoundedPaginator
from sessions_app.admin.columns import ReadOnly, moment_column
from sessions_app.failed_jobs.services import dismiss, run_again
from sessions_app.models import FailedJob

MOST_COUNTED = 100


@admin.register(FailedJob)
class FailedJobPage(ReadOnly, ModelAdmin):  # type: ignore[type-arg]
    """Failures, the latest first."""

    list_display = ("job", "failure", "count", "latest")
    list_display_links = ("job",)
    list_filter = ("error", "at")
    search_fields = ("task", "error", "message")
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    actions = ("run_again", "dismiss")
    fields = ("job", "given", "failure", "count", "first", "latest", "where")
    readonly_fields = fields

    class Media:
        css = {"all": ("consoles/operator.css",)}  # noqa: RUF012 - Django's own form of it

    latest = moment_column("at", "last failed (UTC)")
    first = moment_column("first_at", "first failed (UTC)")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may run and dismiss jobs: whoever may change them."""
        return super(ReadOnly, self).has_change_permission(request)

    @admin.display(description="job", ordering="task")
    def job(self, job: FailedJob) -> str:
        """Return the name without its module."""
        return job.task.rpartition(".")[2]

    @admin.display(description="arguments")
    def given(self, job: FailedJob) -> SafeString:
        """Return what the job was called with; secrets are masked."""
        named = [f"{name}={value!r}" for name, value in job.named_arguments.items()]
        note = " (masked or cut, so it cannot be run again)" if job.is_masked else ""
        text = ", ".join([*(repr(value) for value in job.arguments), *named])
        return format_html('<code class="op-mono">{}({})</code>{}', job.task, text, note)

    @admin.display(description="failure")
    def failure(self, job: FailedJob) -> SafeString:
        """Return the exception with its message."""
        return format_html("<b>{}</b> {}", job.error, job.message)

    @admin.display(description="times", ordering="times")
    def count(self, job: FailedJob) -> int:
        """Return how often it failed in this way."""
        return job.times

    @admin.display(description="trace")
    def where(self, job: FailedJob) -> SafeString:
        """Return the end of the trace."""
        return format_html('<pre class="op-mono" tabindex="0">{}</pre>', job.trace or "none was kept")

    @admin.action(permissions=["decide"], description="Run again")
    def run_again(self, request: HttpRequest, queryset: QuerySet[FailedJob]) -> None:
        """Queue the selected jobs once more."""
        try:
            done = [run_again(job=job) for job in queryset]
        except BrokerAway:
            self.message_user(request, "The job queue does not answer; nothing is lost.", messages.ERROR)
            return
        self.message_user(request, f"Jobs queued again: {sum(done)}.", messages.SUCCESS)
        if not all(done):
            text = f"Jobs whose arguments are not known in full: {done.count(False)}. They can be dismissed."
            self.message_user(request, text, messages.WARNING)

    @admin.action(permissions=["decide"], description="Dismiss")
    def dismiss(self, request: HttpRequest, queryset: QuerySet[FailedJob]) -> None:
        """Forget the selected failures."""
        dismissed = [dismiss(job=job) for job in queryset]
        self.message_user(request, f"Failures dismissed: {len(dismissed)}.", messages.SUCCESS)


def count_failed(most: int = MOST_COUNTED) -> int:
    """Return how many failures are kept, counted to a bound."""
    return FailedJob.objects.order_by()[:most].count()


def failed_badge(request: HttpRequest) -> str:
    """Return how many jobs failed, for the sidebar; an empty text when none did."""
    return str(count_failed() or "") if request.user.has_perm("sessions_app.view_failedjob") else ""
