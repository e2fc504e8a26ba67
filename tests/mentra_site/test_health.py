"""Probes say what works, what does not, and never wait longer than a second."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django import Settings

from mentra_site import health
from mentra_site.health import HealthProbe, answer_livez
from mentra_site.loop_lag import LoopLagMonitor
from mentra_site.node_lifespan import NodeLifespan
from sessions_app.speech.rules import WorkerFacts
from tests.mentra_site.asgi_calls import Answered, get


class FakeRedis:
    """Answers, or does not, as a test needs it."""

    def __init__(self, heartbeat: float | None = None, *, hangs: bool = False) -> None:
        self._heartbeat = heartbeat
        self._hangs = hangs

    async def ping(self) -> bool:
        if self._hangs:
            await asyncio.sleep(30)
        return True

    async def get(self, _key: str) -> str | None:
        await self.ping()
        return None if self._heartbeat is None else str(self._heartbeat)


async def do_nothing() -> None:
    """A node that starts and drains at once."""


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def lifespan() -> NodeLifespan:
    return NodeLifespan(do_nothing, do_nothing, LoopLagMonitor())


@pytest.fixture(autouse=True)
def working_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "redis_client", lambda: FakeRedis(time.time() - 3))
    monkeypatch.setattr(health, "_count_active_sessions", lambda: 7)
    show_workers(monkeypatch, WorkerFacts("w-1", "127.0.0.1:9", time.time()))


def show_workers(monkeypatch: pytest.MonkeyPatch, *workers: WorkerFacts) -> None:
    """Have the register show these speech workers."""

    async def look() -> dict[str, WorkerFacts]:
        return {facts.worker_id: facts for facts in workers}

    monkeypatch.setattr(health, "look_at_workers", look)


async def ask(lifespan: NodeLifespan, thread: ThreadPoolExecutor) -> Answered:
    lag = LoopLagMonitor()
    lag.note(0.0125)
    return await get(HealthProbe(lifespan, lag, thread))


async def test_livez_is_ok() -> None:
    answer = await get(answer_livez)

    assert (answer.status, answer.body) == (200, b"ok")


async def test_each_part_gives_its_own_answer(lifespan: NodeLifespan, thread: ThreadPoolExecutor) -> None:
    answer = await ask(lifespan, thread)
    said = answer.json

    assert answer.status == 200
    assert said["status"] == "ok"
    assert said["missing"] == []
    assert {name: check["ok"] for name, check in said["checks"].items()} == dict.fromkeys(
        ["database", "redis", "worker", "beat", "speech"], True
    )
    assert all(check["milliseconds"] >= 0 for check in said["checks"].values())
    assert said["activeSessions"] == 7
    assert said["eventLoopLagMs"] == 12.5
    assert said["uptimeSeconds"] >= 0
    assert said["timestamp"].endswith("Z")


@pytest.mark.parametrize("workers", [(), (WorkerFacts("w-1", "127.0.0.1:9", 0.0, is_draining=True),)])
async def test_a_cloud_without_speech_says_so_and_is_well(
    lifespan: NodeLifespan,
    thread: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    workers: tuple[WorkerFacts, ...],
) -> None:
    show_workers(monkeypatch, *workers)
    answer = await ask(lifespan, thread)

    assert (answer.status, answer.json["status"], answer.json["missing"]) == (200, "ok", [])
    assert answer.json["checks"]["speech"]["error"] == "no speech worker has reported lately"


async def test_what_is_missing_is_named(
    lifespan: NodeLifespan, thread: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(health, "_count_active_sessions", fail)
    monkeypatch.setattr(health, "redis_client", lambda: FakeRedis(time.time() - 120))
    answer = await ask(lifespan, thread)

    assert answer.status == 503
    assert answer.json["missing"] == ["database", "worker", "beat"]
    assert answer.json["checks"]["database"]["error"] == "disk I/O error"
    assert answer.json["checks"]["worker"]["error"] == "the last sign of a worker is 120 s old"
    assert answer.json["activeSessions"] is None


async def test_a_worker_that_never_reported_is_missing(
    lifespan: NodeLifespan, thread: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "redis_client", lambda: FakeRedis(None))
    answer = await ask(lifespan, thread)

    assert answer.json["checks"]["worker"]["error"] == "no worker has reported lately"


async def test_a_beat_that_fell_silent_is_told_from_the_worker(
    lifespan: NodeLifespan, thread: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OnlyWorker(FakeRedis):
        async def get(self, key: str) -> str | None:
            return str(time.time() - (3 if "worker" in key else 60))

    monkeypatch.setattr(health, "redis_client", OnlyWorker)
    answer = await ask(lifespan, thread)

    assert answer.status == 503
    assert answer.json["missing"] == ["beat"]
    assert answer.json["checks"]["beat"]["error"] == "the last sign of a beat is 60 s old"


async def test_parts_that_hang_are_asked_side_by_side_for_a_second(
    lifespan: NodeLifespan, thread: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "redis_client", lambda: FakeRedis(hangs=True))
    monkeypatch.setattr(health, "_count_active_sessions", lambda: time.sleep(1.3))
    begun = time.monotonic()
    answer = await ask(lifespan, thread)

    assert time.monotonic() - begun < 1.25
    assert answer.json["missing"] == ["database", "redis", "worker", "beat"]
    assert answer.json["checks"]["redis"]["error"] == "no answer within 1 s"


async def test_a_draining_node_says_so(lifespan: NodeLifespan, thread: ThreadPoolExecutor) -> None:
    await lifespan.start()
    await lifespan.drain()
    answer = await ask(lifespan, thread)

    assert (answer.status, answer.json) == (503, {"status": "draining"})


@pytest.mark.django_db(transaction=True)
def test_the_database_is_really_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    assert health._count_active_sessions() == 0


def test_answers_are_not_to_be_cached() -> None:
    answer: Any = asyncio.run(get(answer_livez))

    assert answer.headers["cache-control"] == "no-store"


async def test_a_media_server_is_spoken_of_where_there_is_to_be_one(
    lifespan: NodeLifespan, thread: ThreadPoolExecutor, settings: Settings
) -> None:
    settings.MEDIA_SERVER, settings.MEDIA_SERVER_URL = "local", "http://127.0.0.1:1"

    answer = await ask(lifespan, thread)

    assert answer.status == 200
    assert "cannot be reached" in answer.json["checks"]["media"]["error"]
