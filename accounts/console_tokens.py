"""Console tokens (rest §1): who a front end of the console speaks for. A core token is as good."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from accounts.errors import InvalidConsoleToken, InvalidCoreToken, InvalidEmail
from accounts.models import User
from accounts.rules import read_email
from accounts.tokens import (
    MAX_TOKEN_CHARACTERS,
    CoreClaims,
    backend,
    earliest_issue,
    issued_at_of,
    read_core_token,
)

CONSOLE_TYPE = "console"
LIFE = timedelta(days=1)
INVALID = "Invalid or expired token"


def console_backend() -> TokenBackend:
    """Return what signs and checks tokens of the console: its own secret, else that of core tokens."""
    return backend(settings.CONSOLE_AUTH_JWT_SECRET or settings.AUGMENTOS_AUTH_JWT_SECRET)


def issue_console_token(user: User, *, life: timedelta = LIFE) -> str:
    """Return a signed console token of `user`. It has no `sub`, so that no phone socket takes it for a core token."""
    now = earliest_issue(user)
    claims = {"email": user.email, "type": CONSOLE_TYPE, "jti": uuid4().hex, "iat": now, "exp": now + life}
    return console_backend().encode(claims)


def read_console_token(token: str) -> CoreClaims:
    """Return whom a console or core token speaks for, as `admit_user` takes it; raise InvalidConsoleToken.

    Checks signature, type and expiry only, without any query.
    """
    payload = read_signed(token, CONSOLE_TYPE)
    try:
        if payload is None:
            return read_core_token(token)
        email = read_email(payload.get("email"))
        expires_at = datetime.fromtimestamp(int(payload["exp"]), UTC)
        return CoreClaims(email, email, str(payload["jti"]), expires_at, issued_at_of(payload))
    except (InvalidCoreToken, InvalidEmail, KeyError, ValueError) as error:
        raise InvalidConsoleToken(INVALID) from error


def read_signed(token: str, kind: str) -> dict[str, Any] | None:
    """Return the claims of a token of this `type` that the console's secret signed, or None."""
    if not isinstance(token, str) or not 0 < len(token) <= MAX_TOKEN_CHARACTERS:
        return None
    try:
        payload = console_backend().decode(token)  # type: ignore[arg-type]
    except (TokenBackendError, ValueError, TypeError, OverflowError, AttributeError, RecursionError):
        return None
    return payload if payload.get("type") == kind else None
