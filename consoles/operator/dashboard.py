"""How the cloud does, on one page: counts of what there is and of what went wrong, each leading to its list."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import RedisError

from apps_registry.models import App
from apps_registry.rules import StoreStatus
from consoles.operator.incident_pages import count_open
from consoles.operator.job_pages import count_failed
from sessions_app.admin.counting import count_sessions
from sessions_app.admin.timeline.lanes import ERROR_CAUSES
from sessions_app.models import AppRun, SessionTransition
from sessions_app.outbound.node_list import NodeStatus, list_nodes
from sessions_app.speech.workers_list import list_speech_workers, state_of, summarize_engines
from sessions_app.states import RunState

MOST_COUNTED = 10_000
ERROR_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with where it leads; an alarm when somebody should look."""

    title: str
    value: str
    link: str
    is_alarm: bool = False


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """How often something failed within the last hour."""

    cause: str
    number: int


def overview() -> dict[str, Any]:
    """Return everything the page shows that changes by itself."""
    return {"tiles": tiles(), "counts": count_sessions(), "errors": errors_of_the_last_hour()}


def tiles() -> list[Tile]:
    """Return the numbers of the dashboard; six short queries."""
    running = AppRun.objects.exclude(state=RunState.STOPPED).order_by()[:MOST_COUNTED].count()
    waiting = App.objects.filter(store_status=StoreStatus.SUBMITTED).order_by()[:MOST_COUNTED].count()
    failed = count_failed(MOST_COUNTED)
    return [
        Tile("Apps running", _bounded(running), reverse("admin:sessions_app_usersession_changelist")),
        _nodes(),
        _speech(),
        Tile("Apps to review", _bounded(waiting), reverse("admin:review")),
        Tile(
            "Open reports",
            _bounded(count_open(MOST_COUNTED)),
            reverse("admin:sessions_app_incident_changelist"),
        ),
        Tile("Failed jobs", _bounded(failed), reverse("admin:sessions_app_failedjob_changelist"), failed > 0),
    ]


def errors_of_the_last_hour() -> list[ErrorCount]:
    """Return what failed in sessions lately, the most frequent first; one query over the newest moves."""
    rows = SessionTransition.objects.filter(at__gte=timezone.now() - ERROR_WINDOW, cause__in=ERROR_CAUSES)
    counted = rows.order_by().values("cause").annotate(number=Count("pk")).order_by("-number", "cause")
    return [ErrorCount(row["cause"].replace("_", " "), row["number"]) for row in counted]


def _nodes() -> Tile:
    link = reverse("admin:nodes")
    try:
        found = list_nodes()
    except (RedisError, OSError):
        return Tile("Nodes", "Redis is away", link, is_alarm=True)
    ready = sum(node.status is NodeStatus.READY for node in found)
    others = len(found) - ready
    return Tile(
        "Nodes ready", f"{ready} of {len(found)}" if others else str(ready), link, others > 0 or not ready
    )


def _speech() -> Tile:
    """Return how many speech workers take sessions; a cloud without any is not ill, one with a failed engine is."""
    link = reverse("admin:speech")
    try:
        found = list_speech_workers()
    except (RedisError, OSError):
        return Tile("Speech workers", "Redis is away", link, is_alarm=True)
    ready = sum(state_of(worker) == "ready" for worker in found)
    is_alarm = ready < len(found) or any(engine.is_alarming for engine in summarize_engines(found))
    return Tile("Speech workers ready", f"{ready} of {len(found)}" if found else "none", link, is_alarm)


def _bounded(number: int) -> str:
    return f"{number}+" if number == MOST_COUNTED else str(number)
