"""Keys of the command line: their names and lives."""

from datetime import datetime, timedelta

from accounts.errors import InvalidCliKey

MAX_KEY_NAME_CHARACTERS = 100
LONGEST_LIFE_DAYS = 3650
MOST_LIVE_KEYS = 50


def read_key_name(value: object) -> str:
    """Return the name to store; raise InvalidCliKey."""
    name = " ".join(value.split()) if isinstance(value, str) else ""
    if not name:
        raise InvalidCliKey("name", "Name the key after the machine or job that will use it.")
    if len(name) > MAX_KEY_NAME_CHARACTERS or not name.isprintable():
        raise InvalidCliKey("name", f"Use at most {MAX_KEY_NAME_CHARACTERS} characters that can be shown.")
    return name


def expiry_of_key(now: datetime, days: object) -> datetime | None:
    """Return when a key made `now` ends: in whole `days`, or never for None; raise InvalidCliKey."""
    if days is None:
        return None
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= LONGEST_LIFE_DAYS:
        raise InvalidCliKey("expires_in_days", f"A key lasts 1 to {LONGEST_LIFE_DAYS} days, or for ever.")
    return now + timedelta(days=days)


def check_room(live_keys: int) -> None:
    """Raise InvalidCliKey when a person has so many keys in use that one more must be a mistake."""
    if live_keys >= MOST_LIVE_KEYS:
        raise InvalidCliKey("name", f"You have {MOST_LIVE_KEYS} keys. Revoke one you do not use any more.")
