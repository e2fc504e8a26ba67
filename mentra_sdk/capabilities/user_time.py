"""The user's time of day. Needs no permission; the cloud tells the time zone with the settings."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

UNKNOWN_ZONE = "UTC"


class UserTime:
    """Moments as the user's clock shows them; in UTC while the zone is unknown."""

    def __init__(self, find_zone_name: Callable[[], str | None]) -> None:
        self._find_zone_name = find_zone_name

    @property
    def zone(self) -> str:
        """The IANA name of the zone, such as "Europe/Berlin"."""
        return self._zone()[0]

    def now(self) -> datetime:
        """Return the time by the user's clock, with its zone."""
        return datetime.now(self._zone()[1])

    def to_local(self, moment: datetime) -> datetime:
        """Return the same moment in the user's zone; raises ValueError for one without a zone of its own."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone, for example datetime.now(UTC)")
        return moment.astimezone(self._zone()[1])

    def format(self, moment: datetime, pattern: str) -> str:
        """Write a moment in the user's zone, with the codes of `strftime` such as "%H:%M"."""
        return self.to_local(moment).strftime(pattern)

    def _zone(self) -> tuple[str, tzinfo]:
        name = self._find_zone_name() or UNKNOWN_ZONE
        try:
            return name, ZoneInfo(name)
        except (ValueError, LookupError, OSError):
            # A name this machine does not know, or no name at all.
            return UNKNOWN_ZONE, UTC
