"""How closely the user's position has to be followed (streams-and-permissions §13), and what of a calendar is near.

Must not know who asked for it or how the phone is told.
"""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from sessions_app.protocol.streams import LocationTier, StreamKey

_MOST_LATITUDE: Final = 90
_MOST_LONGITUDE: Final = 180
_STRENGTH: Final = {tier: strength for strength, tier in enumerate(LocationTier)}

_FRESH_SECONDS: Final[dict[str, float]] = {
    LocationTier.REDUCED: 900.0,
    LocationTier.THREE_KILOMETERS: 900.0,
    LocationTier.KILOMETER: 300.0,
    LocationTier.HUNDRED_METERS: 60.0,
    LocationTier.TEN_METERS: 30.0,
    LocationTier.STANDARD: 30.0,
    LocationTier.HIGH: 10.0,
    LocationTier.REALTIME: 1.0,
}


def location_tier(keys: Iterable[StreamKey]) -> LocationTier:
    """Return the strongest tier any location subscription asks for, the weakest tier when there is none."""
    rates = (key.rate for key in keys if key.rate is not None)
    return max(rates, key=_STRENGTH.__getitem__, default=LocationTier.REDUCED)


def known_tier(accuracy: str | None) -> LocationTier:
    """Return the tier of this name; one that is not known counts as standard, as none does."""
    try:
        return LocationTier(accuracy or LocationTier.STANDARD)
    except ValueError:
        return LocationTier.STANDARD


def is_position(latitude: float, longitude: float) -> bool:
    """Whether these degrees are a place on earth."""
    return abs(latitude) <= _MOST_LATITUDE and abs(longitude) <= _MOST_LONGITUDE


def remoteness(start: str, now: datetime) -> float:
    """Return how many seconds an event (ISO 8601) begins before or after now; infinite if nobody can tell."""
    try:
        begins = datetime.fromisoformat(start)
    except ValueError:
        return math.inf
    return abs((begins.replace(tzinfo=begins.tzinfo or UTC) - now).total_seconds())


def is_fresh(tier: LocationTier, age_seconds: float) -> bool:
    """Whether a position of this age answers a poll of this tier; one from the future does not."""
    return 0 <= age_seconds <= _FRESH_SECONDS[tier]
