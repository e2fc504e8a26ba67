"""A loop that stands still is noticed and, beyond two seconds, logged."""

import asyncio
import logging
import time

import pytest

from mentra_site.loop_lag import LoopLagMonitor


async def test_a_blocked_loop_is_measured() -> None:
    told: list[float] = []
    monitor = LoopLagMonitor(tick_seconds=0.01, observe=told.append)
    monitor.start()
    await asyncio.sleep(0.03)
    time.sleep(0.2)  # noqa: ASYNC251  blocking the loop is the point
    await asyncio.sleep(0.03)
    monitor.stop()

    assert 0.15 < monitor.worst_seconds < 1
    assert max(told) == monitor.worst_seconds
    assert len(told) > 2


def test_a_gap_of_more_than_two_seconds_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    monitor = LoopLagMonitor()
    with caplog.at_level(logging.WARNING):
        monitor.note(1.9)
        monitor.note(2.5)

    assert [record.getMessage() for record in caplog.records] == [
        "heartbeat gap: the event loop stood still for 2.5 s"
    ]


def test_old_delays_are_forgotten() -> None:
    monitor = LoopLagMonitor(tick_seconds=1)
    monitor.note(3)
    for _ in range(15):
        monitor.note(0.001)

    assert monitor.worst_seconds == 0.001


def test_without_measurements_there_is_no_delay() -> None:
    assert LoopLagMonitor().worst_seconds == 0
