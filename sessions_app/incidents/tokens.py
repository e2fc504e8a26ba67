"""The token by which an app brings its logs for one incident: five minutes, good for nothing else (rest §9)."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

from django.conf import settings
from rest_framework_simplejwt.exceptions import TokenBackendError
from rest_framework_simplejwt.tokens import Token

from accounts.tokens import backend

LIFETIME = timedelta(minutes=5)
MOST_CHARACTERS = 4_000
_PURPOSE = "incident_logs"


class UploadGrant(NamedTuple):
    """Who may bring logs of which app for which incident."""

    incident_id: str
    package_name: str
    user_id: str


def issue_upload_token(grant: UploadGrant) -> str:
    """Return a signed token for this grant."""
    now = datetime.now(UTC)
    claims: dict[str, Any] = {
        "incidentId": grant.incident_id,
        "packageName": grant.package_name,
        "userId": grant.user_id,
        "purpose": _PURPOSE,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    return str(backend(_secret()).encode(claims))


def read_upload_token(token: object) -> UploadGrant | None:
    """Return what a token grants; None for one that is not ours, not for this, or over."""
    if not isinstance(token, str) or not 0 < len(token) <= MOST_CHARACTERS:
        return None
    try:
        claims = _verified(token)
    except (TokenBackendError, ValueError, TypeError):
        return None
    texts = [claims.get(name) for name in ("incidentId", "packageName", "userId")]
    if claims.get("purpose") != _PURPOSE or not all(isinstance(text, str) for text in texts):
        return None
    return UploadGrant(*map(str, texts))


def _verified(token: str) -> dict[str, Any]:
    # The library calls a token what it reads as a text.
    return backend(_secret()).decode(cast(Token, token))


def _secret() -> str:
    # One of its own, so that no reader of another kind of token takes these, nor the other way round.
    return hmac.new(settings.SECRET_KEY.encode(), b"incident uploads", "sha256").hexdigest()
