"""Which apps' servers take calls, and which are to be asked again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps_registry.models import App, Installation, ServerHealth

# Whether a first failure was more than a restart is found out soon.
SECOND_LOOK = timedelta(seconds=50)


def is_online(package: str) -> bool:
    """Say whether an app's server takes calls; one that was never asked, or has just moved, is believed to."""
    return not _offline().filter(app__package_name=package).exists()


def offline_packages(packages: Iterable[str]) -> frozenset[str]:
    """Return those of the apps whose servers take no calls, in one query."""
    found = _offline().filter(app__package_name__in=list(packages))
    return frozenset(found.values_list("app__package_name", flat=True))


def health_of(app: App) -> ServerHealth | None:
    """Return what is known of the server of `app` where it is now."""
    return ServerHealth.objects.filter(app=app, url=app.public_url).first()


def list_due_servers(*, now: datetime, every: timedelta, most: int) -> list[tuple[int, str]]:
    """Return (id, public URL) of apps that somebody has and whose servers are to be asked, longest unasked first."""
    due = (
        Q(server_health=None)
        | Q(server_health__checked_at__lte=now - every)
        | Q(server_health__failures=1, server_health__checked_at__lte=now - SECOND_LOOK)
        | ~Q(server_health__url=F("public_url"))
    )
    owned = App.objects.filter(Exists(Installation.objects.filter(app=OuterRef("pk"))), is_deprecated=False)
    rows = owned.filter(due).order_by(F("server_health__checked_at").asc(nulls_first=True), "pk")
    return list(rows.values_list("pk", "public_url")[:most])


def _offline() -> QuerySet[ServerHealth]:
    return ServerHealth.objects.filter(is_online=False, url=F("app__public_url"))
