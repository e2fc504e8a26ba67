"""Which worker takes a session, and what the workers can do together. Pure: knows no connection and no engine."""

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

ANY: Final = "*"


class EngineFacts(msgspec.Struct, frozen=True, rename="camel"):
    """An engine as the register shows it, from its `engine.EngineReport`; `kind` is speech, translation or voice."""

    name: str
    kind: str
    state: str
    detail: str = ""
    languages: tuple[str, ...] = ()
    real_time_factor: float | None = None
    streams: int = 0


class WorkerFacts(msgspec.Struct, frozen=True, rename="camel"):
    """A speech worker as the register shows it (JSON under `<prefix>:speech-worker:<id>`, renewed every second).

    `languages` are settings its engines take ("*": any); `pairs` are translations written `source-target` with "*" for
    any source; `load` is the part of its processors in use, 0–1; `at` is unix time.
    """

    worker_id: str
    address: str
    at: float
    languages: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    engines: tuple[EngineFacts, ...] = ()
    channels: int = 0
    speaking: int = 0
    most_channels: int = 0
    load: float = 0.0
    is_draining: bool = False
    machine: str = ""
    pid: int = 0
    version: str = ""
    memory_bytes: int = 0
    started_at: float = 0.0

    @property
    def is_loading(self) -> bool:
        """Whether an engine is on its way, so that the worker will recognise more than it says now."""
        return any(engine.kind == "speech" and engine.state == "loading" for engine in self.engines)

    def recognizes(self, setting: str) -> bool:
        """Whether its engines take a language setting, by name, by its language or because they take any."""
        return not {ANY, setting, setting.partition("-")[0]}.isdisjoint(self.languages)


def ranked(session_id: str, worker_ids: Iterable[str]) -> list[str]:
    """Return the workers in the order in which the session tries them (rendezvous hashing).

    Each session has its own order; when a worker comes or goes, only sessions that had it first move.
    """
    return sorted(worker_ids, key=lambda worker_id: _weight(session_id, worker_id), reverse=True)


def _weight(session_id: str, worker_id: str) -> bytes:
    return hashlib.blake2b(f"{session_id} {worker_id}".encode(), digest_size=8).digest()
