"""Who sends too often waits; others do not."""

from sessions_app.buckets import Limit
from sessions_app.messaging.allowances import Allowances
from sessions_app.messaging.rules import DELIVERIES

LIMIT = Limit(2, 5)


def test_each_sender_and_each_kind_has_a_bucket_of_its_own() -> None:
    known = Allowances()
    assert [known.may_send("ada", LIMIT, 0.0) for _ in range(6)] == [True] * 5 + [False]
    assert known.may_send("bob", LIMIT, 0.0)
    assert known.may_send("ada", Limit(1, 1), 0.0)
    assert known.may_send("ada", LIMIT, 0.5)
    assert not known.may_send("ada", LIMIT, 0.5)


def test_broadcasts_of_an_app_cost_what_they_reach() -> None:
    known = Allowances()
    assert known.may_reach("captions", 6_000, 0.0)
    assert not known.may_reach("captions", 6_000, 0.0)
    assert known.may_reach("notes", 6_000, 0.0)
    assert known.may_reach("captions", 6_000, 1.0)


def test_a_crowd_larger_than_the_burst_can_be_reached_now_and_then() -> None:
    known = Allowances()
    assert known.may_reach("captions", 50_000, 0.0)
    assert not known.may_reach("captions", 50_000, 1.0)
    assert known.may_reach("captions", 50_000, DELIVERIES.burst / DELIVERIES.per_second)


def test_those_not_heard_of_for_longest_are_forgotten() -> None:
    known = Allowances(most=2)
    once = Limit(0, 1)
    assert known.may_send("ada", once, 0.0)
    assert known.may_send("bob", once, 0.0)
    assert not known.may_send("ada", once, 0.0)
    assert known.may_send("cleo", once, 0.0)
    assert known.may_send("bob", once, 0.0)
