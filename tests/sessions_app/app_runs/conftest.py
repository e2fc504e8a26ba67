"""A session in memory whose app servers are played by a test."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from sessions_app.app_runs import runs, stopping, succession
from sessions_app.app_runs.seat import Surroundings
from sessions_app.app_runs.starting import Startable
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.errors import RefusedStart
from sessions_app.lifecycle import building
from sessions_app.lifecycle.runtime import SessionRuntime
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, make_runtime


@dataclass
class PlayedServers:
    """Answers webhooks as `answers` say, one each, the last one for ever; keeps the calls.

    While `gate` is not set, calls wait for their answer.
    """

    answers: list[HookAnswer] = field(default_factory=lambda: [HookAnswer(200)])
    calls: list[tuple[str, msgspec.Struct]] = field(default_factory=list)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def post(
        self,
        public_url: str,
        path: str,
        body: msgspec.Struct,
        *,
        secrets: Sequence[str],
        timeout_seconds: float,
    ) -> HookAnswer:
        self.calls.append((path, body))
        self.called.set()
        await self.gate.wait()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def wait_called(self, kind: str) -> None:
        """Wait for a call of this kind."""
        while kind not in self.kinds():
            self.called.clear()
            await self.called.wait()

    def kinds(self) -> list[str]:
        """Return what was called, oldest first."""
        return [type(body).__name__ for _, body in self.calls]


@pytest.fixture
async def servers(monkeypatch: pytest.MonkeyPatch) -> PlayedServers:
    """Play every app server, and let every package but `com.example.missing` be startable."""
    played = PlayedServers()
    monkeypatch.setattr(building, "app_servers", played)
    monkeypatch.setattr(stopping, "CLOSE_AFTER_SECONDS", 0.05)

    async def load(around: Surroundings, package_name: str) -> object:
        if package_name == "com.example.missing":
            raise RefusedStart("NOT_FOUND", "not installed")
        app_type = "standard" if "standard" in package_name else "background"
        return Startable(make_facts("MICROPHONE", package=package_name, app_type=app_type))

    async def no_other_session(question: object, *about: Any) -> object:
        return set(about[1]) if question is succession.find_due_goodbyes else False

    monkeypatch.setattr(succession, "in_database", no_other_session)
    monkeypatch.setattr(runs, "load_startable", load)
    return played


@pytest.fixture
async def session(
    servers: PlayedServers, monkeypatch: pytest.MonkeyPatch
) -> tuple[SessionRuntime, RecordingLink, FakeClock]:
    """Return runtime, phone and clock."""
    return make_runtime(monkeypatch)
