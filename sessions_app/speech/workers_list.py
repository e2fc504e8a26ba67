"""The speech workers in the register, for pages and commands: blocking, asked of Redis each time."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sessions_app.outbound.redis import blocking_redis
from sessions_app.speech.register import entry_key, read_entry
from sessions_app.speech.rules import EngineFacts, WorkerFacts

SILENT_SECONDS = 3.0
_WORST_FIRST = ("failed", "missing", "loading", "ready")


@dataclass(frozen=True, slots=True)
class EngineSummary:
    """An engine in all workers in which it is in the same state for the same reason.

    `real_time_factor` is that of the slowest.
    """

    name: str
    kind: str
    state: str
    detail: str
    workers: int
    languages: tuple[str, ...]
    streams: int
    real_time_factor: float | None

    @property
    def is_alarming(self) -> bool:
        """Whether somebody should look: translators and voices may well be named that are not installed."""
        return self.state == "failed" or (self.state == "missing" and self.kind == "speech")


def list_speech_workers() -> list[WorkerFacts]:
    """Return the speech workers in the register by name; raises RedisError or OSError while Redis is away."""
    redis = blocking_redis()
    names = [str(name) for name in redis.scan_iter(match=entry_key("*"), count=100)]
    entries = redis.mget(names) if names else []
    found = [facts for text in entries if text is not None and (facts := read_entry(str(text))) is not None]
    return sorted(found, key=lambda facts: facts.worker_id)


def state_of(worker: WorkerFacts) -> str:
    """Return in a word how a worker is: silent, draining, full, loading or ready."""
    if time.time() - worker.at > SILENT_SECONDS:
        return "silent"
    if worker.is_draining:
        return "draining"
    if worker.most_channels and worker.channels >= worker.most_channels:
        return "full"
    return "loading" if worker.is_loading else "ready"


def uptime_of(worker: WorkerFacts) -> timedelta | None:
    """Return since when a worker runs, as a length."""
    return timedelta(seconds=max(0.0, time.time() - worker.started_at)) if worker.started_at else None


def summarize_engines(workers: Iterable[WorkerFacts]) -> list[EngineSummary]:
    """Return the engines of all workers, each once for each state it is in, the troubled ones first."""
    grouped: dict[tuple[str, str, str, str], list[EngineFacts]] = {}
    for worker in workers:
        for engine in worker.engines:
            grouped.setdefault((engine.kind, engine.name, engine.state, engine.detail), []).append(engine)
    summaries = [_summary(engines) for engines in grouped.values()]
    return sorted(summaries, key=lambda one: (one.kind, _rank(one.state), one.name))


def _summary(engines: list[EngineFacts]) -> EngineSummary:
    first = engines[0]
    factors = [engine.real_time_factor for engine in engines if engine.real_time_factor is not None]
    return EngineSummary(
        name=first.name,
        kind=first.kind,
        state=first.state,
        detail=first.detail,
        workers=len(engines),
        languages=tuple(sorted({language for engine in engines for language in engine.languages})),
        streams=sum(engine.streams for engine in engines),
        real_time_factor=max(factors, default=None),
    )


def _rank(state: str) -> int:
    return _WORST_FIRST.index(state) if state in _WORST_FIRST else len(_WORST_FIRST)
