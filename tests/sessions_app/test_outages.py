"""An outage is a few lines in the log, however many calls fail."""

import logging

import pytest
from redis.exceptions import ConnectionError as RedisUnreachable

from sessions_app import outages
from sessions_app.outages import ChannelLayerLog, Outage


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("sessions_app.outages.time.monotonic", lambda: now[0])
    return now


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_a_part_that_goes_and_returns_makes_two_lines(
    clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    outage = Outage("Redis")
    outage.over()
    for _ in range(1000):
        outage.seen(OSError("refused\nand more"))
    clock[0] += 2.5
    outage.over()
    outage.over()
    assert lines(caplog) == [
        "Redis is away; what needs it is tried again: refused",
        "Redis is back after 2.5 s",
    ]


def test_a_long_outage_is_said_again_once_a_minute(
    clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    outage = Outage("The database")
    for _ in range(13):
        outage.seen(OSError(""))
        clock[0] += 10
    assert lines(caplog) == [
        "The database is away; what needs it is tried again: OSError",
        "The database is away for 60 s; what needs it is tried again: OSError",
        "The database is away for 120 s; what needs it is tried again: OSError",
    ]


@pytest.mark.parametrize(
    ("problem", "passes"),
    [(RedisUnreachable("gone"), False), (OSError("refused"), False), (KeyError("bug"), True)],
)
def test_only_what_tells_of_redis_is_kept_from_the_log_of_the_layer(
    problem: Exception, passes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage = Outage("Redis")
    monkeypatch.setattr(outages, "redis_outage", outage)
    info = (type(problem), problem, None)
    record = logging.LogRecord("channels_redis.pubsub", logging.ERROR, "", 0, "Unexpected", (), info)
    assert ChannelLayerLog().filter(record) is passes
    assert outage.is_on is not passes


def test_other_lines_of_the_layer_pass() -> None:
    record = logging.LogRecord("channels_redis.pubsub", logging.INFO, "", 0, "Hello", (), None)
    assert ChannelLayerLog().filter(record)
