"""How often one person may do something."""

import pytest
from django.core.cache import cache

from accounts import limits
from accounts.acting import acting_as
from accounts.errors import TooManyRequests
from accounts.limits import Limit, take, take_for_actor
from tests.support.personas import DORA, make_user


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "deed", Limit(2, 600, "did it"))
    at(monkeypatch, 0)


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr("accounts.limits.time.time", lambda: 1_700_000_400.0 + seconds)


def test_one_too_many_is_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    take("deed", 1)
    at(monkeypatch, 100)
    take("deed", 1)
    with pytest.raises(TooManyRequests) as refusal:
        take("deed", 1)
    assert refusal.value.message == "You did it too often. Try again in 9 minutes."
    assert refusal.value.retry_after_seconds == 500
    at(monkeypatch, 595)
    with pytest.raises(TooManyRequests, match="in a minute"):
        take("deed", 1)
    at(monkeypatch, 600)
    take("deed", 1)


def test_people_and_deeds_are_counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "other", Limit(1, 600, "did that"))
    for who in (1, 1, 2, 2):
        take("deed", who)
    take("other", 1)


@pytest.mark.django_db
def test_only_people_are_limited() -> None:
    for _ in range(5):
        take_for_actor("deed")
    with acting_as(make_user(DORA)):
        take_for_actor("deed")
        take_for_actor("deed")
        with pytest.raises(TooManyRequests):
            take_for_actor("deed")


def test_without_redis_nobody_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(cache, "add", away)
    for _ in range(5):
        take("deed", 1)
