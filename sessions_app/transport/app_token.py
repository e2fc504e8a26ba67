"""The token an app server may carry in its upgrade instead of the `x-*` headers (app-socket §2)."""

from collections.abc import Mapping

import jwt
from django.conf import settings

from sessions_app.protocol.codes import ErrorCode

ALGORITHM = "HS256"
_SCHEME = "bearer"


class RefusedUpgrade(Exception):
    """The headers of an upgrade cannot stand; `code` says why."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code)
        self.code = code


def with_token(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers completed by what their token says; headers without a token come back unchanged.

    Raises RefusedUpgrade. The token only names an app and its key; the key is checked like any other.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not token:
        return headers
    claims = _read(token.strip())
    if "x-user-id" not in headers:
        raise RefusedUpgrade(ErrorCode.MISSING_HEADERS)
    return {
        "x-package-name": _text(claims, "packageName"),
        "x-api-key": _text(claims, "apiKey"),
        **headers,
    }


def _read(token: str) -> Mapping[str, object]:
    try:
        claims: dict[str, object] = jwt.decode(
            token, settings.AUGMENTOS_AUTH_JWT_SECRET, algorithms=[ALGORITHM]
        )
    except jwt.InvalidSignatureError:
        raise RefusedUpgrade(ErrorCode.JWT_SIGNATURE_FAILED) from None
    except (jwt.PyJWTError, ValueError):
        raise RefusedUpgrade(ErrorCode.JWT_INVALID) from None
    return claims


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
