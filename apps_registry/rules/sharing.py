"""Links by which people outside an organization test its apps: for how long they hold and for whom. Pure."""

import secrets
from datetime import datetime
from enum import StrEnum

from apps_registry.errors import RegistryError, ShareRefused

TOKEN_BYTES = 24
DEFAULT_DAYS = 30
MOST_DAYS = 365
MOST_USES = 10_000
MOST_LINKS = 100


class ShareState(StrEnum):
    """Whether a link still lets people in."""

    OPEN = "open"
    REVOKED = "revoked"
    EXPIRED = "expired"
    USED_UP = "used_up"


_SENTENCES = {
    ShareState.REVOKED: "This link was withdrawn. Ask whoever sent it for a new one.",
    ShareState.EXPIRED: "This link has expired. Ask whoever sent it for a new one.",
    ShareState.USED_UP: "As many people as it was meant for have used this link.",
}


def new_share_token() -> str:
    """Return a token nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def share_state(
    *, now: datetime, expires_at: datetime, revoked_at: datetime | None, uses: int, most_uses: int | None
) -> ShareState:
    """Return the state of a link; without `most_uses` any number of people may use it."""
    if revoked_at is not None:
        return ShareState.REVOKED
    if expires_at <= now:
        return ShareState.EXPIRED
    if most_uses is not None and uses >= most_uses:
        return ShareState.USED_UP
    return ShareState.OPEN


def check_share(*, state: ShareState, meant_for: str, email: str, is_deprecated: bool) -> None:
    """Raise ShareRefused unless the person with the address `email` may use a link, `meant_for` all when empty."""
    if state is not ShareState.OPEN:
        raise ShareRefused(state.value.upper(), _SENTENCES[state])
    if meant_for and meant_for != email:
        raise ShareRefused(
            "OTHER_PERSON", "This invitation was sent to another address. Log in with that one."
        )
    if is_deprecated:
        raise ShareRefused("DEPRECATED", "This app is no longer offered.")


def read_share_terms(*, days: object, most_uses: object) -> tuple[int, int | None]:
    """Return for how many days and people a link is to hold, None for any number of them; raise RegistryError."""
    return _read_count("days", days, MOST_DAYS), (
        None if most_uses in (None, "") else _read_count("most_uses", most_uses, MOST_USES)
    )


def _read_count(field: str, value: object, most: int) -> int:
    text = str(value).strip()
    count = int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(most)) + 1 else 0
    if not 1 <= count <= most:
        raise RegistryError(field, f"Give a whole number from 1 to {most}.")
    return count
