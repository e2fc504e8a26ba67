"""GET /metrics: what this node counts, in Prometheus form (rest §14)."""

import asyncio
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any

from django.db import DatabaseError
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, Histogram, ProcessCollector, generate_latest

from mentra_site.loop_lag import LoopLagMonitor
from mentra_site.probe_response import Send, respond
from sessions_app.outbound.metrics import count_in_memory, count_sessions_by_state, registry, watch
from sessions_app.outbound.node_facts import publish
from sessions_app.speech.node.register import look_at_workers

DATABASE_SECONDS = 3.0
REDIS_SECONDS = 1.0

ProcessCollector(registry=registry)
_loop_lag = Gauge(
    "mentra_event_loop_lag_seconds", "Longest delay of the event loop in the last 15 s.", registry=registry
)
_speech_workers = Gauge(
    "mentra_speech_workers",
    "Speech workers in the register, of the whole cloud.",
    ["state"],
    registry=registry,
)
loop_delays = Histogram(
    "mentra_event_loop_delay_seconds",
    "How late the event loop was, each time it was looked at.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5),
    registry=registry,
)


class MetricsProbe:
    """Answers a scrape; without what concerns the whole cloud when database or Redis do not answer in time."""

    def __init__(self, lag: LoopLagMonitor, executor: Executor) -> None:
        self._executor = executor
        _loop_lag.set_function(lambda: lag.worst_seconds)
        publish("lagSeconds", lambda: lag.worst_seconds)
        watch("tasks", lambda: len(asyncio.all_tasks()))

    async def __call__(self, _scope: dict[str, Any], _receive: Any, send: Send) -> None:
        count_in_memory()
        with suppress(DatabaseError, TimeoutError):
            async with asyncio.timeout(DATABASE_SECONDS):
                await asyncio.get_running_loop().run_in_executor(self._executor, count_sessions_by_state)
        await _count_speech_workers()
        page = await asyncio.to_thread(generate_latest, registry)
        await respond(send, 200, page, CONTENT_TYPE_LATEST)


async def _count_speech_workers() -> None:
    try:
        async with asyncio.timeout(REDIS_SECONDS):
            workers = await look_at_workers()
    except TimeoutError:
        workers = None
    if workers is None:
        _speech_workers.clear()
        return
    draining = sum(facts.is_draining for facts in workers.values())
    _speech_workers.labels("draining").set(draining)
    _speech_workers.labels("ready").set(len(workers) - draining)
