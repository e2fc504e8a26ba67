"""Nobody waits for a Redis that hangs more than once in a while."""

import asyncio

import pytest
from redis.exceptions import ConnectionError as RedisUnreachable
from redis.exceptions import RedisError, ResponseError

from sessions_app.outages import Outage
from sessions_app.outbound.redis import _Breaker


class Calls:
    """Calls that take some time and then fail, or do not; counts those that were really made."""

    def __init__(self, now: list[float]) -> None:
        self.now = now
        self.made = 0

    async def one(self, seconds: float = 0.0, problem: Exception | None = None) -> str:
        self.made += 1
        self.now[0] += seconds
        if problem is not None:
            raise problem
        return "answer"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [100.0]
    monkeypatch.setattr("sessions_app.outbound.redis.time.monotonic", lambda: moment[0])
    return moment


@pytest.fixture(autouse=True)
def outage(monkeypatch: pytest.MonkeyPatch) -> Outage:
    own = Outage("Redis")
    monkeypatch.setattr("sessions_app.outbound.redis.redis_outage", own)
    return own


async def test_after_a_slow_failure_calls_fail_at_once_and_one_in_a_while_tries(
    now: list[float], outage: Outage
) -> None:
    breaker, calls = _Breaker(), Calls(now)
    with pytest.raises(RedisError):
        await breaker.watch(calls.one(2.0, RedisError("silence")))
    for _ in range(10):
        with pytest.raises(RedisUnreachable):
            await breaker.watch(calls.one())
    assert calls.made == 1
    assert outage.is_on

    now[0] += 3.5
    assert await breaker.watch(calls.one()) == "answer"
    assert await breaker.watch(calls.one()) == "answer"
    assert not outage.is_on


async def test_while_one_tries_the_others_still_fail_at_once(now: list[float]) -> None:
    breaker, calls = _Breaker(), Calls(now)
    with pytest.raises(RedisError):
        await breaker.watch(calls.one(2.0, RedisError("silence")))
    now[0] += 3.5

    async def trying() -> str:
        with pytest.raises(RedisUnreachable):
            await breaker.watch(calls.one())
        return await calls.one()

    assert await breaker.watch(trying()) == "answer"


async def test_a_failure_that_comes_at_once_is_no_reason_to_pause(now: list[float], outage: Outage) -> None:
    breaker, calls = _Breaker(), Calls(now)
    for _ in range(2):
        with pytest.raises(OSError, match="refused"):
            await breaker.watch(calls.one(0.01, OSError("refused")))
    assert outage.is_on
    assert await breaker.watch(calls.one()) == "answer"


async def test_a_redis_that_refuses_a_command_is_not_away(now: list[float], outage: Outage) -> None:
    breaker, calls = _Breaker(), Calls(now)
    with pytest.raises(ResponseError):
        await breaker.watch(calls.one(2.0, ResponseError("wrong type")))
    assert not outage.is_on
    assert await breaker.watch(calls.one()) == "answer"


@pytest.mark.parametrize(("seconds", "pauses"), [(1.5, True), (0.1, False)])
async def test_a_caller_that_lost_patience_counts_as_a_slow_failure(
    now: list[float], outage: Outage, seconds: float, pauses: bool
) -> None:
    breaker, calls = _Breaker(), Calls(now)

    async def given_up() -> str:
        now[0] += seconds
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await breaker.watch(given_up())
    assert outage.is_on is pauses
    if pauses:
        with pytest.raises(RedisUnreachable):
            await breaker.watch(calls.one())
    else:
        assert await breaker.watch(calls.one()) == "answer"
