"""A person's profile, privacy, and the way to leave. Pure; rest §8."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from accounts.errors import InvalidProfile
from accounts.rules.user_settings import json_size

DELETION_LIFE: Final = timedelta(hours=24)
MOST_TRIES: Final = 5
CODE_CHARACTERS: Final = 6
EXPORT_LIFE: Final = timedelta(days=7)
MAX_REASON_CHARACTERS: Final = 1000
MAX_PROFILE_BYTES: Final = 16_384
MAX_NAME: Final = 150
# Nothing that is mistaken for something else when it is typed from a mail.
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

DEFAULT_PRIVACY: Mapping[str, bool] = {
    "shareUsageData": True,
    "receiveNotifications": True,
    "allowDataCollection": True,
}


class ExportFormat(StrEnum):
    """As what a copy of one's data comes."""

    JSON = "json"
    CSV = "csv"


class ExportStatus(StrEnum):
    """How far it is."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


def new_code() -> str:
    """Return a code of six characters, to be read in a mail and typed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_CHARACTERS))


def code_digest(code: str, request_id: str, secret: str) -> str:
    """Return what is stored in place of a code: useless without the secret, and for any other request."""
    text = f"{request_id}:{code.strip().upper()}".encode(errors="replace")
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def address_digest(email: str, secret: str) -> str:
    """Return by what the address of a deleted account is recognised and not read."""
    return hmac.new(secret.encode(), f"departed:{email}".encode(), hashlib.sha256).hexdigest()


def read_profile(changes: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Return the name, if it is to change, and the other parts of a profile; raise InvalidProfile."""
    try:
        size = json_size(dict(changes))
    except ValueError as problem:
        raise InvalidProfile(f"The profile cannot be stored: {problem}") from problem
    if size > MAX_PROFILE_BYTES:
        raise InvalidProfile("The profile is too large: keep it below 16 KiB.")
    name = changes.get("name")
    if name is not None and (not isinstance(name, str) or len(name.strip()) > MAX_NAME):
        raise InvalidProfile(f"name must be a text of at most {MAX_NAME} characters.")
    rest = {key: value for key, value in changes.items() if key not in ("name", "email", "id")}
    return None if name is None else name.strip(), rest


def merge_privacy(stored: Mapping[str, Any], changes: Mapping[str, bool]) -> dict[str, bool]:
    """Return a person's choices after `changes`; what they never chose is as by default."""
    known = {name: bool(stored.get(name, default)) for name, default in DEFAULT_PRIVACY.items()}
    return known | {name: value for name, value in changes.items() if name in DEFAULT_PRIVACY}
