"""How closely the user's position has to be followed (streams-and-permissions §13).

Must not know who asked for it or how the phone is told.
"""

from collections.abc import Iterable
from typing import Final

from sessions_app.protocol.streams import LocationTier, StreamKey

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


def is_fresh(accuracy: str, age_seconds: float) -> bool:
    """Whether a position of this age answers a poll of this tier; an unknown tier counts as standard."""
    return age_seconds <= _FRESH_SECONDS.get(accuracy, _FRESH_SECONDS[LocationTier.STANDARD])
