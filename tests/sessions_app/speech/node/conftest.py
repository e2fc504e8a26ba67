"""Speech workers that end with their test."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sessions_app.speech.node.workers import FIRST_SHOWN_SECONDS, SpeechWorkers
from sessions_app.speech.rules import WorkerFacts
from tests.support.fake_clock import FakeClock
from tests.support.speech import FakeSpeechWorker, entries


class Scene:
    """Workers, what the register shows of them, and a node's view of it, with a clock that the test moves."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.shown: dict[str, FakeSpeechWorker] = {}
        self.redis_is_away = False
        self.workers = SpeechWorkers(self.clock, self._look)
        self._started: list[FakeSpeechWorker] = []

    async def worker(self, worker_id: str = "w1", **abilities: Any) -> FakeSpeechWorker:
        """Start a worker and show it."""
        worker = await FakeSpeechWorker(worker_id, **abilities).start()
        self._started.append(worker)
        self.shown[worker_id] = worker
        await self.workers.refresh()
        return worker

    async def no_worker_comes(self) -> None:
        """Let the time pass in which a worker might show itself."""
        await self.workers.refresh()
        self.clock.advance(FIRST_SHOWN_SECONDS)
        await self.workers.refresh()

    async def end(self) -> None:
        await self.workers.close()
        for worker in self._started:
            await worker.stop()

    async def _look(self) -> dict[str, WorkerFacts] | None:
        return None if self.redis_is_away else entries(*self.shown.values())


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A node without speech workers yet."""
    made = Scene()
    yield made
    await made.end()
