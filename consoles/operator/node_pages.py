"""The machinery: nodes and their load, workers, beat, Redis, the database. Renews itself."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from celery import current_app
from django.contrib.admin import AdminSite
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import RedisError

from consoles.operator.pages import route, show
from sessions_app.admin.timeline.layout import spoken
from sessions_app.outbound.node_list import list_nodes
from sessions_app.outbound.redis import blocking_redis
from sessions_app.outbound.signs_of_life import signs_of_life

MAY_SEE = "sessions_app.view_usersession"
INSPECT_SECONDS = 0.7
_SHOWN_OF_REDIS = ("redis_version", "used_memory_human", "connected_clients", "uptime_in_seconds")


def node_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of its parts that renew themselves."""
    return [
        route(site, "nodes/", show_page, "nodes", MAY_SEE),
        route(site, "nodes/now/", show_now, "nodes_now", MAY_SEE),
        route(site, "nodes/workers/", show_workers, "nodes_workers", MAY_SEE),
    ]


def show_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show everything; the workers are asked afterwards, which takes a moment."""
    return show(request, site, "console/operator/nodes.html", "Nodes", **_facts())


def show_now(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show nodes, signs of life and stores as they are now."""
    return TemplateResponse(request, "console/operator/nodes_now.html", _facts())


def show_workers(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Ask every worker what it does; one that does not answer in 0.7 s is not shown."""
    try:
        inspect = current_app.control.inspect(timeout=INSPECT_SECONDS)
        found = inspect.stats() or {}
        active = current_app.control.inspect(list(found), timeout=INSPECT_SECONDS).active() if found else {}
    except (BrokerAway, RedisError, OSError):
        return TemplateResponse(request, "console/operator/nodes_workers.html", {"is_away": True})
    workers = [_worker(name, stats, (active or {}).get(name, [])) for name, stats in sorted(found.items())]
    return TemplateResponse(request, "console/operator/nodes_workers.html", {"workers": workers})


def _facts() -> dict[str, Any]:
    return {"stores": [_database(), _redis()], **_register()}


def _register() -> dict[str, Any]:
    try:
        nodes = [(node, spoken(node.uptime) if node.uptime else "–") for node in list_nodes()]
        return {"nodes": nodes, "signs": signs_of_life()}
    except (RedisError, OSError, DatabaseError):
        return {"nodes": None, "signs": []}


def _database() -> dict[str, Any]:
    began = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            taken = time.perf_counter() - began
            version = ".".join(str(part) for part in connection.get_database_version())
    except DatabaseError:
        return {"name": connection.vendor, "is_away": True}
    return {"name": connection.vendor, "version": version, "milliseconds": round(1000 * taken, 1)}


def _redis() -> dict[str, Any]:
    began = time.perf_counter()
    try:
        told: dict[str, Any] = blocking_redis().info()
    except (RedisError, OSError):
        return {"name": "redis", "is_away": True}
    taken = time.perf_counter() - began
    version, memory, clients, uptime = (told.get(name) for name in _SHOWN_OF_REDIS)
    return {
        "name": "redis",
        "version": version,
        "milliseconds": round(1000 * taken, 1),
        "memory": memory,
        "clients": clients,
        "uptime": uptime,
    }


def _worker(name: str, stats: Mapping[str, Any], active: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    pool = stats.get("pool") or {}
    return {
        "name": name,
        "pid": stats.get("pid"),
        "threads": pool.get("max-concurrency"),
        "done": sum((stats.get("total") or {}).values()),
        "uptime": stats.get("uptime"),
        "jobs": [str(job.get("name", "")).rpartition(".")[2] for job in active],
    }
