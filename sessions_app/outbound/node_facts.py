"""What a node tells of itself in the register: load, memory, since when. Costs next to nothing."""

import os
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from sessions_app.outbound import metrics

_STATM = Path("/proc/self/statm")
_read: dict[str, Callable[[], float]] = {}


def publish(name: str, read: Callable[[], float]) -> None:
    """Have a number that a higher layer knows told too."""
    _read[name] = read


class NodeFacts:
    """The facts of this process; CPU is the share of one core since the last look."""

    def __init__(self) -> None:
        self._since = datetime.now(UTC)
        self._looked_at = time.monotonic()
        self._cpu_seconds = time.process_time()

    def look(self, *, draining: bool) -> dict[str, Any]:
        """Return what is told now, plain JSON."""
        return {
            "address": settings.NODE_PUBLIC_URL,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "version": settings.VERSION,
            "since": self._since.isoformat(),
            "draining": draining,
            "phones": metrics.open_sockets["glasses"],
            "appSockets": metrics.open_sockets["app"],
            "cpu": round(self._cpu_share(), 3),
            "memoryBytes": resident_bytes(),
            **{name: round(read(), 4) for name, read in _read.items()},
        }

    def _cpu_share(self) -> float:
        now, used = time.monotonic(), time.process_time()
        passed, worked = now - self._looked_at, used - self._cpu_seconds
        self._looked_at, self._cpu_seconds = now, used
        return worked / passed if passed > 0 else 0.0


def resident_bytes() -> int | None:
    """Return the memory this process holds; None where the system does not say."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


node_facts = NodeFacts()
