"""Turning clock readings into numbers: CPU per operation without the idle cost, and percentiles of latencies."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.process import Clocked

IDLE_SECONDS = 2.0
REFERENCE_STEPS = 100_000


@dataclass
class Cost:
    """What a number of operations took of a process: CPU in microseconds each, latencies in seconds."""

    operations: int
    cpu_microseconds: float
    seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """How many operations there were in each second."""
        return self.operations / self.seconds if self.seconds else 0.0

    def latency_ms(self, share: float) -> float:
        """Return the latency that `share` of the operations stayed within, in milliseconds."""
        return percentile(self.latencies, share) * 1_000


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of `values` do not exceed; NaN when there are none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def reference_milliseconds() -> float:
    """Return the CPU time a fixed piece of Python takes at this moment: what else the machine does shows in it."""
    began, total = time.thread_time(), 0
    for step in range(REFERENCE_STEPS):
        total += step * step % 7
    return (time.thread_time() - began) * 1_000


async def idle_share(process: Clocked, seconds: float = IDLE_SECONDS) -> float:
    """Return how much of one CPU the process needs while nothing is asked of it."""
    began, used = time.monotonic(), process.cpu_seconds()
    await asyncio.sleep(seconds)
    return (process.cpu_seconds() - used) / (time.monotonic() - began)


class Stopwatch:
    """Measures a process, or several together, from its making until `stop`."""

    def __init__(self, process: Clocked, idle: float) -> None:
        self._process = process
        self._idle = idle
        self._began = time.monotonic()
        self._used = process.cpu_seconds()
        self._last_done = self._began

    def lap(self) -> None:
        """Note that the last operation is done; what the process does afterwards for them still counts as CPU."""
        self._last_done = time.monotonic()

    def stop(self, operations: int, latencies: list[float] | None = None) -> Cost:
        """Return the cost of `operations` since the start, idle cost subtracted."""
        now, used = time.monotonic(), self._process.cpu_seconds() - self._used
        busy = used - self._idle * (now - self._began)
        if self._last_done == self._began:
            self._last_done = now
        each = busy * 1e6 / operations if operations else math.nan
        return Cost(operations, each, self._last_done - self._began, latencies or [])
