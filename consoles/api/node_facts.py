"""Facts about the process that answers."""

import gc
import os
import platform
import resource
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import django
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection

from sessions_app.outbound import metrics
from sessions_app.outbound.owner import owned_count

# Linux counts the peak in KiB, macOS in bytes.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class MemoryFacts:
    """The memory of this process; `resident_bytes` is None where the system does not tell."""

    node: str
    resident_bytes: int | None
    peak_bytes: int
    collections: list[int]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """This process and what it serves."""

    node: str
    pid: int
    python: str
    django: str
    database: str
    threads: int
    open_sockets: dict[str, int]
    owned_sessions: int
    sessions: dict[str, int]
    memory: MemoryFacts


def facts_of_memory() -> MemoryFacts:
    """Measure the memory of this process."""
    async_to_sync(_count_in_memory)()
    return MemoryFacts(
        node=settings.NODE_ID,
        resident_bytes=_resident_bytes(),
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT,
        collections=list(gc.get_count()),
        counts=dict(metrics.in_memory),
    )


def facts_of_node() -> NodeFacts:
    """Describe this process, in one query."""
    return NodeFacts(
        node=settings.NODE_ID,
        pid=os.getpid(),
        python=platform.python_version(),
        django=django.get_version(),
        database=connection.vendor,
        threads=threading.active_count(),
        open_sockets=dict(metrics.open_sockets),
        owned_sessions=owned_count(),
        sessions=metrics.count_sessions_by_state(),
        memory=facts_of_memory(),
    )


async def _count_in_memory() -> None:
    """Count on the event loop, as what is counted demands."""
    metrics.count_in_memory()


def _resident_bytes() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return None
