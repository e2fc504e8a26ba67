"""The register as operators read it: which nodes there are and what they tell of themselves. Blocking."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Max

from sessions_app.models import UserSession
from sessions_app.outbound.redis import blocking_redis, key


class NodeStatus(StrEnum):
    """How a node is."""

    READY = "ready"
    DRAINING = "draining"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class NodeEntry:
    """One node; everything but name, state and sessions is unknown of one that is silent."""

    node_id: str
    status: NodeStatus
    sessions: int
    last_seen_at: datetime | None = None
    facts: Mapping[str, Any] | None = None

    @property
    def uptime(self) -> timedelta | None:
        """Return since when the process runs, as a length."""
        since = (self.facts or {}).get("since")
        return None if since is None else datetime.now(UTC) - datetime.fromisoformat(since)

    @property
    def cpu_percent(self) -> float | None:
        """Return the share of one core in percent."""
        share = (self.facts or {}).get("cpu")
        return None if share is None else round(100 * share, 1)

    @property
    def lag_milliseconds(self) -> float | None:
        """Return how late the event loop was at worst in the last seconds."""
        seconds = (self.facts or {}).get("lagSeconds")
        return None if seconds is None else round(1000 * seconds, 1)


def list_nodes() -> list[NodeEntry]:
    """Return the nodes in the register, and those that own sessions without being in it; one query.

    Raises RedisError or OSError while Redis is away.
    """
    owned = {row["owner"]: (row["number"], row["seen"]) for row in _owners()}
    found = _registered()
    names = sorted({*owned, *found})
    return [_entry(name, found.get(name), *owned.get(name, (0, None))) for name in names]


def _owners() -> Any:
    owned = UserSession.objects.exclude(owner="").order_by()
    return owned.values("owner").annotate(number=Count("pk"), seen=Max("last_seen_at"))


def _registered() -> dict[str, dict[str, Any]]:
    redis, prefix = blocking_redis(), key("node", "")
    names = [str(name) for name in redis.scan_iter(match=f"{prefix}*", count=100)]
    if not names:
        return {}
    entries = zip(names, redis.mget(names), strict=True)
    return {name.removeprefix(prefix): _read(text) for name, text in entries if text is not None}


def _read(text: Any) -> dict[str, Any]:
    try:
        entry = json.loads(text)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _entry(name: str, facts: dict[str, Any] | None, sessions: int, seen: datetime | None) -> NodeEntry:
    if facts is None:
        return NodeEntry(name, NodeStatus.SILENT, sessions, seen)
    status = NodeStatus.DRAINING if facts.get("draining") else NodeStatus.READY
    return NodeEntry(name, status, sessions, seen, facts)
