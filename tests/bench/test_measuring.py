"""Costs are CPU time without the idle cost, divided by what was done."""

import math
import os
import time

import pytest

from bench.measuring import Cost, Stopwatch, percentile
from bench.process import Process


class FakeProcess(Process):
    """A process whose CPU clock stands where a test puts it."""

    def __init__(self) -> None:
        self.used = 10.0

    def cpu_seconds(self) -> float:
        return self.used


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [percentile(values, share) for share in (0.0, 0.5, 0.99, 1.0)] == [1.0, 50.0, 99.0, 100.0]
    assert percentile([3.0], 0.5) == 3.0
    assert math.isnan(percentile([], 0.5))


def test_latencies_are_told_in_milliseconds() -> None:
    assert Cost(2, 5.0, 1.0, [0.001, 0.003]).latency_ms(0.99) == 3.0


def test_the_idle_cost_is_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    process = FakeProcess()
    watch = Stopwatch(process, idle=0.1)
    now[0], process.used = 101.0, 10.5
    watch.lap()
    now[0], process.used = 102.0, 10.7
    cost = watch.stop(1_000)
    assert cost.cpu_microseconds == pytest.approx(500.0)
    assert cost.per_second == pytest.approx(1_000.0)


def test_the_cpu_clock_of_a_process_runs_with_its_work() -> None:
    class ThisProcess(Process):
        pid = os.getpid()

        def __init__(self) -> None:
            """Stand for the test itself."""

    before = ThisProcess().cpu_seconds()
    sum(range(1_000_000))
    assert 0 < ThisProcess().cpu_seconds() - before < 5
