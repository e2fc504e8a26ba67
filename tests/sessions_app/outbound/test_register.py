"""A node knows which others live, and misses nobody because Redis was away."""

import pytest
from django.conf import LazySettings

from sessions_app.outbound import register as module
from sessions_app.outbound.register import MISSED_SECONDS, TTL_SECONDS, NodeRegister
from tests.support.fake_clock import FakeClock


class PlayedRedis:
    """A Redis with some node keys that can be away."""

    def __init__(self) -> None:
        self.nodes: set[str] = set()
        self.away = False

    async def set(self, name: str, _: str, ex: int) -> None:
        if self.away:
            raise OSError("away")
        assert ex > 0
        self.nodes.add(name)

    async def scan_iter(self, match: str, count: int) -> object:
        assert match.endswith("*")
        assert count
        for name in sorted(self.nodes):
            yield name

    async def delete(self, name: str) -> None:
        self.nodes.discard(name)


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> PlayedRedis:
    settings.NODE_ID = "node-1"
    settings.REDIS_KEY_PREFIX = "mentra"
    played = PlayedRedis()
    monkeypatch.setattr(module, "redis_client", lambda: played)
    return played


async def test_a_node_alone_has_no_others(redis: PlayedRedis) -> None:
    clock = FakeClock()
    register = NodeRegister(clock)
    await register.enter(0)
    assert redis.nodes == {"mentra:node:node-1"}
    assert register.has_others(), "those that started at the same moment may not have shown themselves yet"
    clock.advance(MISSED_SECONDS + 1)
    await register.enter(0)
    assert not register.has_others()
    assert register.others() == []


async def test_a_redis_that_forgot_what_it_was_told_is_noticed_once(redis: PlayedRedis) -> None:
    clock = FakeClock()
    register = NodeRegister(clock)
    assert not await register.enter(0)
    clock.advance(5)
    assert not await register.enter(0)
    redis.nodes.clear()
    clock.advance(5)
    assert await register.enter(0)
    clock.advance(5)
    assert not await register.enter(0)


async def test_an_entry_that_ran_out_is_not_taken_for_a_new_redis(redis: PlayedRedis) -> None:
    clock = FakeClock()
    register = NodeRegister(clock)
    await register.enter(0)
    redis.nodes.clear()
    clock.advance(TTL_SECONDS + 1)
    assert not await register.enter(0)


async def test_another_node_is_seen_and_missed_after_a_while(redis: PlayedRedis) -> None:
    clock = FakeClock()
    register = NodeRegister(clock)
    redis.nodes.add("mentra:node:node-2")
    await register.enter(0)
    assert register.has_others()
    redis.nodes.discard("mentra:node:node-2")
    await register.enter(0)
    assert not register.is_gone("node-2")
    clock.advance(MISSED_SECONDS + 1)
    await register.enter(0)
    assert register.is_gone("node-2")
    assert not register.has_others()


async def test_nobody_is_missed_while_redis_is_away(redis: PlayedRedis) -> None:
    clock = FakeClock()
    register = NodeRegister(clock)
    redis.nodes.add("mentra:node:node-2")
    await register.enter(0)
    redis.away = True
    for _ in range(10):
        clock.advance(5)
        await register.enter(0)
    assert not register.is_gone("node-2")


async def test_a_node_never_seen_is_not_gone(redis: PlayedRedis) -> None:
    register = NodeRegister(FakeClock())
    assert not register.is_gone("node-9")
    register.see("node-9")
    assert register.has_others()


async def test_a_node_that_leaves_takes_its_entry_away(redis: PlayedRedis) -> None:
    register = NodeRegister(FakeClock())
    await register.enter(3)
    await register.leave()
    assert not redis.nodes
