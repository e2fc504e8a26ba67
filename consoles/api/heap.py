"""What fills the memory of this process: what is allocated while somebody watches, and which objects there are."""

import gc
import threading
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from time import sleep

MOST_LINES = 25
MOST_TYPES = 25

_one_at_a_time = threading.Lock()


class Busy(Exception):
    """A snapshot is being taken already."""


@dataclass(frozen=True, slots=True)
class HeapLine:
    """What a line of code allocated while it was watched and did not free."""

    where: str
    bytes: int
    blocks: int


@dataclass(frozen=True, slots=True)
class HeapType:
    """How many objects of a type there are."""

    type: str
    count: int


@dataclass(frozen=True, slots=True)
class Heap:
    """One snapshot; the largest come first."""

    seconds: float
    allocated_bytes: int
    lines: list[HeapLine]
    types: list[HeapType]


def take_heap_snapshot(seconds: float) -> Heap:
    """Watch allocations of this process for `seconds` and count its objects; raise Busy while another one does.

    Blocking. Every allocation costs a multiple meanwhile.
    """
    if not _one_at_a_time.acquire(blocking=False):
        raise Busy
    try:
        return _watch(seconds)
    finally:
        _one_at_a_time.release()


def _watch(seconds: float) -> Heap:
    # Somebody may have started Python with -X tracemalloc: then it goes on.
    was_tracing = tracemalloc.is_tracing()
    if not was_tracing:
        tracemalloc.start()
    try:
        sleep(seconds)
        snapshot = tracemalloc.take_snapshot()
    finally:
        if not was_tracing:
            tracemalloc.stop()
    found = snapshot.statistics("lineno")
    lines = [
        HeapLine(f"{one.traceback[0].filename}:{one.traceback[0].lineno}", one.size, one.count)
        for one in found[:MOST_LINES]
    ]
    types = Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    return Heap(
        seconds,
        sum(one.size for one in found),
        lines,
        [HeapType(kind, count) for kind, count in types.most_common(MOST_TYPES)],
    )
