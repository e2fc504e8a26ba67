"""How closely the position is followed."""

import pytest

from sessions_app.phone.rules import is_fresh, location_tier
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
        ("nonsense", 30),
    ],
)
def test_a_stronger_tier_wants_a_fresher_position(tier: str, seconds: float) -> None:
    assert is_fresh(tier, seconds)
    assert not is_fresh(tier, seconds + 0.1)
