"""GET /livez and GET /health (rest §14): is this process alive, and does what it needs answer."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection

from mentra_site.loop_lag import LoopLagMonitor
from mentra_site.node_lifespan import NodeLifespan
from mentra_site.probe_response import Send, respond
from sessions_app.media_servers.looking import Probe
from sessions_app.outbound.metrics import count_sessions_by_state
from sessions_app.outbound.redis import key, redis_client
from sessions_app.outbound.signs_of_life import WORKER_SILENT_SECONDS, longest_silence_of_beat
from sessions_app.protocol.codec import iso
from sessions_app.speech.node.register import look_at_workers
from sessions_app.states import SessionState

CHECK_SECONDS = 1.0
JSON = "application/json"
DISPENSABLE = frozenset({"speech", "media"})


class Unhealthy(Exception):
    """A check got an answer, and the answer was bad news; the text says which."""


@dataclass(frozen=True)
class Finding:
    """The answer of one thing this node needs."""

    name: str
    milliseconds: float
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        said = {"ok": self.problem is None, "milliseconds": round(self.milliseconds, 1)}
        return said if self.problem is None else said | {"error": self.problem}


async def answer_livez(_scope: dict[str, Any], _receive: Any, send: Send) -> None:
    """Say that this process runs; no I/O (pitfalls P-59)."""
    await respond(send, 200, b"ok", "text/plain; charset=utf-8")


class HealthProbe:
    """Asks database, Redis, worker and beat at the same time and says what is missing.

    Whether a speech worker runs, and a media server that is configured, is said as well and fails nothing: without
    them all but words, voices and live video works.
    """

    def __init__(self, lifespan: NodeLifespan, lag: LoopLagMonitor, executor: Executor) -> None:
        self._lifespan = lifespan
        self._lag = lag
        self._executor = executor
        self._active_sessions: int | None = None
        self._media = Probe()

    async def __call__(self, _scope: dict[str, Any], _receive: Any, send: Send) -> None:
        if self._lifespan.is_draining:
            await respond(send, 503, b'{"status":"draining"}', JSON)
            return
        findings = await asyncio.gather(
            _check("database", self._ask_database),
            _check("redis", _ask_redis),
            _check("worker", partial(_ask_for_sign, "worker", WORKER_SILENT_SECONDS)),
            _check("beat", partial(_ask_for_sign, "beat", longest_silence_of_beat())),
            _check("speech", _ask_for_speech),
            *([_check("media", self._ask_for_media)] if settings.MEDIA_SERVER else []),
        )
        missing = [one.name for one in findings if one.problem and one.name not in DISPENSABLE]
        body = {
            "status": "unavailable" if missing else "ok",
            "timestamp": iso(datetime.now(UTC)),
            "missing": missing,
            "checks": {finding.name: finding.to_json() for finding in findings},
            "activeSessions": self._active_sessions,
            "eventLoopLagMs": round(self._lag.worst_seconds * 1000, 1),
            "uptimeSeconds": round(self._lifespan.uptime_seconds, 1),
        }
        await respond(send, 503 if missing else 200, json.dumps(body).encode(), JSON)

    async def _ask_for_media(self) -> None:
        """Look whether the media server does what it is asked."""
        if problem := await self._media.problem():
            raise Unhealthy(problem)

    async def _ask_database(self) -> None:
        loop = asyncio.get_running_loop()
        self._active_sessions = await loop.run_in_executor(self._executor, _count_active_sessions)


async def _check(name: str, ask: Callable[[], Awaitable[None]]) -> Finding:
    started = time.perf_counter()
    problem = None
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await ask()
    except TimeoutError:
        problem = f"no answer within {CHECK_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001  whatever it is, it is what the operator wants to read
        problem = str(error).strip() or type(error).__name__
    return Finding(name, (time.perf_counter() - started) * 1000, problem)


def _count_active_sessions() -> int:
    """Ask the database for one row at least, then for the number of live phones."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return count_sessions_by_state()[SessionState.ACTIVE]


async def _ask_redis() -> None:
    await redis_client().ping()


async def _ask_for_sign(part: str, longest_silence_seconds: float) -> None:
    """Look when worker or beat last showed that it works."""
    written = await redis_client().get(key(part, "heartbeat"))
    if written is None:
        raise Unhealthy(f"no {part} has reported lately")
    silent_seconds = time.time() - float(written)
    if silent_seconds > longest_silence_seconds:
        raise Unhealthy(f"the last sign of a {part} is {silent_seconds:.0f} s old")


async def _ask_for_speech() -> None:
    """Look whether a speech worker takes sessions."""
    workers = await look_at_workers()
    if workers is None:
        raise Unhealthy("Redis does not say which speech workers there are")
    if all(facts.is_draining for facts in workers.values()):
        raise Unhealthy("no speech worker has reported lately")
