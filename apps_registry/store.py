"""Reads of the catalogue for the store, and how far an app has come with people."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import User
from apps_registry.models import App, Installation, ShareLink
from apps_registry.rules import StoreStatus

DAY = timedelta(days=1)
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class AppUsage:
    """How many people have an app, how many it ran for lately, and how many installed it on which day."""

    installs: int
    active_day: int
    active_week: int
    active_month: int
    installs_by_day: list[tuple[date, int]]


def published_apps() -> QuerySet[App]:
    """Return what the store offers to everybody, by name."""
    offered = App.objects.filter(store_status=StoreStatus.PUBLISHED, is_deprecated=False)
    return offered.order_by("name", "pk")


def search_published(text: str) -> QuerySet[App]:
    """Return the published apps that have `text` in name, description or package name."""
    found = Q(name__icontains=text) | Q(description__icontains=text) | Q(package_name__icontains=text)
    return published_apps().filter(found)


def installed_apps(user: User) -> QuerySet[App]:
    """Return the apps `user` installed, longest ago first."""
    return App.objects.filter(installations__user=user).order_by("installations__installed_at", "pk")


def installed_ids(user: User) -> set[int]:
    """Return the ids of the apps `user` installed."""
    return set(Installation.objects.filter(user=user).values_list("app_id", flat=True))


def app_usage(app: App) -> AppUsage:
    """Return how far `app` has come, in two queries."""
    now = timezone.now()
    rows = Installation.objects.filter(app=app).order_by()
    within = {days: Count("pk", filter=Q(last_active_at__gte=now - days * DAY)) for days in (1, 7, 30)}
    counted = rows.aggregate(total=Count("pk"), **{f"last_{days}": count for days, count in within.items()})
    recent = rows.filter(installed_at__gte=now - SHOWN_DAYS * DAY).annotate(day=TruncDate("installed_at"))
    by_day = recent.values_list("day").annotate(installs=Count("pk")).order_by("day")
    return AppUsage(counted["total"], counted["last_1"], counted["last_7"], counted["last_30"], list(by_day))


def count_by_status() -> Counter[str]:
    """Return how many apps there are in each store status."""
    return Counter(dict(App.objects.order_by().values_list("store_status").annotate(Count("pk"))))


def apps_with_status(status: StoreStatus) -> QuerySet[App]:
    """Return the apps in a store status, those that changed last first."""
    return App.objects.filter(store_status=status).order_by("-updated_at", "-pk")


def find_open_link(app: App) -> ShareLink | None:
    """Return the newest link by which anybody may test `app`, without a limit of people."""
    links = ShareLink.objects.filter(app=app, email="", revoked_at=None, most_uses=None)
    return links.filter(expires_at__gt=timezone.now()).first()
