"""API keys and webhook secrets: how they are made and compared. Pure; rest §3.1 and §10."""

import hashlib
import hmac
import re
import secrets

PREFIX_CHARACTERS = 8

_API_KEY = re.compile(r"[0-9a-f]{64}")


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
