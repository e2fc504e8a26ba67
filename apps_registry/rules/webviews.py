"""How an app's web page learns who looks at it: tokens, checksums, what may be hashed. Pure; rest §3 and §3.1."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode, urlsplit, urlunsplit

WEBVIEW_TOKEN_LIFE = timedelta(seconds=60)
USER_TOKEN_LIFE = timedelta(minutes=10)
MAX_ADDRESS_CHARACTERS = 2000

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Nothing that two readers of URLs could understand differently.
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/\-]*)?")


class Refusal(StrEnum):
    """Why a webview token is not exchanged; the values are those of rest §3."""

    NOT_FOUND = "token_not_found"
    USED = "token_used"
    EXPIRED = "token_expired"
    PACKAGE_MISMATCH = "token_package_mismatch"


def new_webview_token() -> str:
    """Return a fresh token: 32 random bytes as 64 hex characters."""
    return secrets.token_hex(32)


def judge_webview_token(
    *, bound_to: str, package: str, used: bool, expires_at: datetime, now: datetime
) -> Refusal | None:
    """Return why a token is not good for `package` at `now`, or None.

    To another package it is never more than a mismatch.
    """
    if bound_to != package:
        return Refusal.PACKAGE_MISMATCH
    if used:
        return Refusal.USED
    return Refusal.EXPIRED if now >= expires_at else None


def hash_with_key(text: str, key_digest: str) -> str:
    """Return the SHA-256, in hex, of `text` and the digest of an app's key behind it, as SDKs compute it."""
    return hashlib.sha256((text + key_digest).encode()).hexdigest()


def frontend_token(user_id: str, key_digest: str) -> str:
    """Return by what an app's pages prove to its server who looks at them."""
    return f"{user_id}:{hash_with_key(user_id, key_digest)}"


def address_with(page: str, proofs: Mapping[str, str]) -> str:
    """Return the address of a page with `proofs` behind what it asks for already."""
    parts = urlsplit(page)
    query = "&".join(filter(None, (parts.query, urlencode(proofs))))
    return urlunsplit(parts._replace(query=query))


def is_address_of(text: str, addresses: Iterable[str]) -> bool:
    """Say whether `text` is one of a cloud's own `addresses`, a default port written out or not."""
    asked = _read_address(text)
    return asked is not None and asked in {_read_address(address) for address in addresses}


def _read_address(text: str) -> tuple[str, str, int, str] | None:
    if len(text) > MAX_ADDRESS_CHARACTERS or not _PLAIN_ADDRESS.fullmatch(text):
        return None
    parts = urlsplit(text)
    try:
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
    except ValueError:
        return None
    return parts.scheme, parts.hostname or "", port, parts.path.rstrip("/")
