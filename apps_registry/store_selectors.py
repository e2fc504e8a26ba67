"""Reads of the store and of the review: what everybody may install, and what waits for operators."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from apps_registry.models import App, ReviewStep
from apps_registry.rules import ReviewEvent, StoreStatus


def published_apps(query: str = "") -> QuerySet[App]:
    """Return the apps everybody may install, by name; with `query` those that name or describe it."""
    apps = App.objects.filter(store_status=StoreStatus.PUBLISHED, is_deprecated=False)
    if words := query.strip():
        apps = apps.filter(
            Q(name__icontains=words) | Q(description__icontains=words) | Q(package_name__icontains=words)
        )
    return apps.select_related("organization").order_by("name", "pk")


def review_queue() -> QuerySet[App]:
    """Return the apps that wait for a decision, longest waiting first; each with `submitted_at`."""
    submitted = ReviewStep.objects.filter(app=OuterRef("pk"), event=ReviewEvent.SUBMITTED).order_by("-at")
    waiting = App.objects.filter(store_status=StoreStatus.SUBMITTED).select_related(
        "organization", "developer"
    )
    return waiting.annotate(submitted_at=Subquery(submitted.values("at")[:1])).order_by("submitted_at", "pk")


def recent_decisions(event: ReviewEvent | None = None) -> QuerySet[ReviewStep]:
    """Return the steps of all reviews, newest first; with `event` only those."""
    steps = ReviewStep.objects.select_related("app__organization", "actor")
    return steps if event is None else steps.filter(event=event)


def last_decision(app: App) -> ReviewStep | None:
    """Return what operators decided last about `app`: `reviewNotes`, `reviewedBy` and `reviewedAt` on the wire."""
    decided = (ReviewEvent.APPROVED, ReviewEvent.REJECTED)
    return ReviewStep.objects.filter(app=app, event__in=decided).select_related("actor").first()


def count_by_status() -> dict[StoreStatus, int]:
    """Return how many apps have each status."""
    rows = App.objects.order_by().values_list("store_status").annotate(total=Count("pk"))
    found = dict(rows)
    return {status: found.get(status.value, 0) for status in StoreStatus}
