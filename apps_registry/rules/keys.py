"""API keys and webhook secrets: how they are made and compared. Pure; rest §3.1 and §10."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from apps_registry.errors import RegistryError
from apps_registry.rules.entries import validate_text

PREFIX_CHARACTERS = 8
MAX_KEY_NAME_CHARACTERS = 100
# How many keys of one app may work at a time.
MOST_LIVE_KEYS = 20
# How long a key or secret may go on working beside the one that took its place, by the name a form sends.
OVERLAPS: Mapping[str, timedelta] = {
    "now": timedelta(0),
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
}

_API_KEY = re.compile(r"[0-9a-f]{64}")


class KeyState(StrEnum):
    """Whether a key works: ENDING does until a moment that is set, ENDED did until that moment."""

    LIVE = "live"
    ENDING = "ending"
    ENDED = "ended"
    REVOKED = "revoked"

    @property
    def works(self) -> bool:
        """Whether an app is let in with a key in this state."""
        return self in (KeyState.LIVE, KeyState.ENDING)


def judge_key_state(*, revoked_at: datetime | None, expires_at: datetime | None, now: datetime) -> KeyState:
    """Return the state of a key at `now`."""
    if revoked_at is not None:
        return KeyState.REVOKED
    if expires_at is None:
        return KeyState.LIVE
    return KeyState.ENDING if now < expires_at else KeyState.ENDED


def validate_key_name(value: object) -> str:
    """Return the name of a key, which may be empty; raise RegistryError."""
    return validate_text("name", value, MAX_KEY_NAME_CHARACTERS, "The name of a key")


def validate_overlap(overlap: timedelta) -> timedelta:
    """Return how long an old key or secret still works, at most a week; raise RegistryError."""
    if not timedelta(0) <= overlap <= max(OVERLAPS.values()):
        raise RegistryError("overlap", "The old one can go on working for a week at most.")
    return overlap


def new_api_key() -> str:
    """Return a fresh API key: 32 random bytes as 64 hex characters."""
    return secrets.token_hex(32)


def new_webhook_secret() -> str:
    """Return a fresh secret for signing webhooks: 64 hex characters."""
    return secrets.token_hex(32)


def is_api_key(text: str) -> bool:
    """Say whether `text` has the form of an API key."""
    return _API_KEY.fullmatch(text) is not None


def hash_api_key(plain: str) -> str:
    """Return the SHA-256 hex digest that is stored, and that webviews and SDKs compute themselves.

    Keys are random, so a slow password hash would protect nothing.
    """
    return hashlib.sha256(plain.encode()).hexdigest()


def key_prefix(plain: str) -> str:
    """Return the part of a key that may be shown, to tell keys apart."""
    return plain[:PREFIX_CHARACTERS]


def is_same_key(plain: str, digest: str) -> bool:
    """Compare a key with a stored digest in constant time."""
    return hmac.compare_digest(hash_api_key(plain), digest)
