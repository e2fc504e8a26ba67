"""Snapshots: written together, at most once a second each, and never missed by anybody when Redis is away."""

import asyncio
import json
from typing import Any, Self

import pytest
from redis.exceptions import ConnectionError as RedisAway

from sessions_app.outbound import snapshot as module
from sessions_app.outbound.snapshot import Snapshot, keep_last, read_snapshot
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


async def pass_time(clock: FakeClock, seconds: float = 1.0) -> None:
    clock.advance(seconds)
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_first_change_is_written_at_once(redis: FakeRedis, clock: FakeClock) -> None:
    Snapshot("a", lambda: {"screen": 1}, clock).changed()
    assert redis.kept == {}
    await pass_time(clock, 0.05)
    assert list(redis.kept.values()) == [{"screen": 1}]


async def test_changes_of_a_second_are_written_once_with_the_last_state(
    redis: FakeRedis, clock: FakeClock
) -> None:
    state = {"screen": 0}
    snapshot = Snapshot("a", lambda: state, clock)
    snapshot.changed()
    await pass_time(clock, 0.05)
    for state["screen"] in (1, 2, 3):
        snapshot.changed()
        await pass_time(clock, 0.3)
    assert list(redis.kept.values()) == [{"screen": 0}]
    await pass_time(clock, 0.2)
    assert list(redis.kept.values()) == [{"screen": 3}]
    await pass_time(clock, 5)
    assert redis.trips == [1, 1]


async def test_a_restless_session_is_written_once_a_second(redis: FakeRedis, clock: FakeClock) -> None:
    snapshot = Snapshot("a", dict, clock)
    for _ in range(200):
        snapshot.changed()
        await pass_time(clock, 0.05)
    assert len(redis.trips) == 10


async def test_sessions_that_change_together_are_written_together(redis: FakeRedis, clock: FakeClock) -> None:
    for number in range(120):
        Snapshot(str(number), dict, clock).changed()
    await pass_time(clock)
    assert redis.trips == [50, 50, 20]
    assert len(redis.kept) == 120


async def test_one_that_has_to_wait_does_not_keep_others_waiting(redis: FakeRedis, clock: FakeClock) -> None:
    restless, quiet = Snapshot("restless", dict, clock), Snapshot("quiet", dict, clock)
    restless.changed()
    await pass_time(clock, 0.05)
    restless.changed()
    quiet.changed()
    await pass_time(clock, 0.05)
    assert [name.split(":")[-2] for name in redis.kept] == ["restless", "quiet"]
    await pass_time(clock)
    assert redis.trips == [1, 1, 1]


async def test_the_last_state_comes_after_what_is_on_its_way(redis: FakeRedis, clock: FakeClock) -> None:
    state = {"screen": 1}
    snapshot = Snapshot("a", state.copy, clock)
    snapshot.changed()
    clock.advance(1)
    state["screen"] = 2
    await keep_last({"a": state})
    assert list(redis.kept.values()) == [{"screen": 2}]
    assert redis.trips == [1, 1]


async def test_a_closed_snapshot_is_not_written(redis: FakeRedis, clock: FakeClock) -> None:
    gone, present = Snapshot("gone", dict, clock), Snapshot("present", dict, clock)
    gone.changed()
    present.changed()
    gone.close()
    await pass_time(clock)
    assert [name.split(":")[-2] for name in redis.kept] == ["present"]


async def test_a_redis_that_is_away_is_tried_again_at_the_next_change(
    redis: FakeRedis, clock: FakeClock
) -> None:
    snapshot = Snapshot("a", dict, clock)
    redis.is_away = True
    snapshot.changed()
    await pass_time(clock)
    redis.is_away = False
    snapshot.changed()
    await pass_time(clock)
    assert redis.trips == [1]


async def test_what_could_not_be_written_is_renewed_with_the_next_heartbeat(
    redis: FakeRedis, clock: FakeClock
) -> None:
    snapshot = Snapshot("a", dict, clock)
    redis.is_away = True
    snapshot.changed()
    await pass_time(clock)
    redis.is_away = False
    snapshot.renew()
    await pass_time(clock)
    snapshot.renew()
    await pass_time(clock)
    assert redis.trips == [1]


async def test_what_is_kept_does_not_expire_before_a_quiet_session(
    redis: FakeRedis, clock: FakeClock
) -> None:
    snapshot = Snapshot("a", dict, clock)
    snapshot.changed()
    for _ in range(360):
        await pass_time(clock, 10)
        snapshot.renew()
    assert len(redis.trips) == 4


class KeptText:
    """A Redis for threads that has one text, or is away."""

    def __init__(self, kept: str | None, *, is_away: bool = False) -> None:
        self._kept = kept
        self._is_away = is_away

    def get(self, name: str) -> str | None:
        if self._is_away:
            raise RedisAway("away")
        return self._kept


@pytest.mark.parametrize(
    ("redis", "expected"),
    [(KeptText('{"a": 1}'), {"a": 1}), (KeptText(None), {}), (KeptText("", is_away=True), {})],
)
def test_a_thread_reads_what_was_kept(
    monkeypatch: pytest.MonkeyPatch, redis: KeptText, expected: dict[str, Any]
) -> None:
    monkeypatch.setattr(module, "blocking_redis", lambda: redis)
    assert read_snapshot("s1") == expected
