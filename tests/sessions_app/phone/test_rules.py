"""How closely the position is followed."""

import math
from datetime import UTC, datetime

import pytest

from sessions_app.phone.rules import is_fresh, is_position, known_tier, location_tier, remoteness
from sessions_app.protocol.streams import LocationTier, parse_stream


def test_without_location_subscriptions_the_weakest_tier_is_enough() -> None:
    assert location_tier([parse_stream("button_press")]) is LocationTier.REDUCED


@pytest.mark.parametrize("stream", ["location_update", "location_stream"])
def test_a_subscription_without_a_rate_counts_as_standard(stream: str) -> None:
    assert location_tier([parse_stream(stream)]) is LocationTier.STANDARD


def test_the_strongest_rate_wins() -> None:
    rates = ("kilometer", "high", "tenMeters")
    keys = [parse_stream({"stream": "location_stream", "rate": rate}) for rate in rates]
    assert location_tier(keys) is LocationTier.HIGH


@pytest.mark.parametrize(
    ("tier", "seconds"),
    [
        ("reduced", 900),
        ("threeKilometers", 900),
        ("kilometer", 300),
        ("hundredMeters", 60),
        ("tenMeters", 30),
        ("standard", 30),
        ("high", 10),
        ("realtime", 1),
    ],
)
def test_a_stronger_tier_wants_a_fresher_position(tier: str, seconds: float) -> None:
    assert is_fresh(LocationTier(tier), seconds)
    assert not is_fresh(LocationTier(tier), seconds + 0.1)


def test_a_position_from_the_future_is_not_fresh() -> None:
    assert not is_fresh(LocationTier.REDUCED, -5)


@pytest.mark.parametrize("accuracy", [None, "", "nonsense", "Standard"])
def test_a_tier_nobody_knows_counts_as_standard(accuracy: str | None) -> None:
    assert known_tier(accuracy) is LocationTier.STANDARD


@pytest.mark.parametrize(
    ("latitude", "longitude", "possible"),
    [(90, -180, True), (0, 0, True), (90.1, 0, False), (0, 180.5, False), (math.nan, 0, False)],
)
def test_a_place_is_on_earth(latitude: float, longitude: float, possible: bool) -> None:
    assert is_position(latitude, longitude) is possible


@pytest.mark.parametrize(
    ("start", "seconds"),
    [
        ("2026-01-02T09:00:00Z", 0),
        ("2026-01-02T10:30:00+01:00", 1800),
        ("2026-01-02T08:59:00", 60),
        ("2026-01-02", 9 * 3600),
        ("soon", math.inf),
    ],
)
def test_an_event_is_near_before_and_after_now(start: str, seconds: float) -> None:
    assert remoteness(start, datetime(2026, 1, 2, 9, tzinfo=UTC)) == seconds
