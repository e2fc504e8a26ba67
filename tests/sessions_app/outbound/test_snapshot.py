"""Snapshots: written together, at most once a second each, and never missed by anybody when Redis is away."""

import asyncio
import json
from typing import Any, Self

import pytest
from redis.exceptions import ConnectionError as RedisAway

from sessions_app.outbound import snapshot as module
from sessions_app.outbound.snapshot import Snapshot
from tests.support.fake_clock import FakeClock


class FakeRedis:
    """Keeps what is set, and how many went in each round trip."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.trips: list[int] = []
        self.is_away = False
        self._asked: dict[str, bytes] = {}

    def pipeline(self, *, transaction: bool) -> Self:
        assert not transaction
        return self

    async def __aenter__(self) -> Self:
        self._asked = {}
        return self

    async def __aexit__(self, *_: object) -> None:
        """Keep nothing of the pipeline."""

    def set(self, name: str, value: bytes, *, ex: int) -> None:
        assert ex > 0
        self._asked[name] = value

    async def execute(self) -> None:
        if self.is_away:
            raise RedisAway("away")
        self.trips.append(len(self._asked))
        self.kept.update((name, json.loads(value)) for name, value in self._asked.items())


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> FakeRedis:
    fake = FakeRedis()
    monkeypatch.setattr(module, "redis_client", lambda: fake)
    return fake


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def pass_a_second(clock: FakeClock) -> None:
    clock.advance(1)
    for _ in range(10):
        await asyncio.sleep(0)


async def test_changes_of_a_second_are_written_once_with_the_last_state(
    redis: FakeRedis, clock: FakeClock
) -> None:
    state = {"screen": 1}
    snapshot = Snapshot("a", lambda: state, clock)
    snapshot.changed()
    state["screen"] = 2
    snapshot.changed()
    assert redis.kept == {}
    await pass_a_second(clock)
    assert redis.trips == [1]
    assert list(redis.kept.values()) == [{"screen": 2}]
    await pass_a_second(clock)
    assert redis.trips == [1]


async def test_sessions_are_written_together(redis: FakeRedis, clock: FakeClock) -> None:
    for number in range(120):
        Snapshot(str(number), dict, clock).changed()
    await pass_a_second(clock)
    assert redis.trips == [50, 50, 20]
    assert len(redis.kept) == 120


async def test_a_save_is_done_at_once_and_not_repeated(redis: FakeRedis, clock: FakeClock) -> None:
    snapshot = Snapshot("a", dict, clock)
    snapshot.changed()
    await snapshot.save()
    assert redis.trips == [1]
    await pass_a_second(clock)
    assert redis.trips == [1]


async def test_a_closed_snapshot_is_not_written(redis: FakeRedis, clock: FakeClock) -> None:
    gone, present = Snapshot("gone", dict, clock), Snapshot("present", dict, clock)
    gone.changed()
    present.changed()
    gone.close()
    await pass_a_second(clock)
    assert [name.split(":")[-2] for name in redis.kept] == ["present"]


async def test_a_redis_that_is_away_is_tried_again_at_the_next_change(
    redis: FakeRedis, clock: FakeClock
) -> None:
    snapshot = Snapshot("a", dict, clock)
    redis.is_away = True
    snapshot.changed()
    await pass_a_second(clock)
    redis.is_away = False
    snapshot.changed()
    await pass_a_second(clock)
    assert redis.trips == [1]
