"""Core tokens: who a phone speaks for. Signs and reads them; knows nothing of sockets or requests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token

from accounts.errors import InvalidCoreToken, InvalidEmail
from accounts.models import Membership, RevokedToken, User
from accounts.rules import digest_of, read_email
from accounts.selectors import default_organization
from prepared_queries import PreparedExists, blank_of

ALGORITHM = "HS256"
MAX_TOKEN_CHARACTERS = 8192
MAX_ID_CHARACTERS = 255
# Issuer and reader may be two machines whose clocks differ a little.
CLOCK_SKEW = timedelta(seconds=30)

INVALID = "Invalid core token"
NO_USER_ID = "Invalid core token - no user ID"


_REVOCATION = PreparedExists(lambda: RevokedToken.objects.filter(jti=blank_of(RevokedToken, "jti")))


@dataclass(frozen=True, slots=True)
class CoreClaims:
    """What a good core token says; `expires_at` is None only for tokens let in by the migration setting.

    `issued_at` is seconds since 1970, 0 when the token does not tell.
    """

    email: str
    subject: str
    token_id: str
    expires_at: datetime | None
    issued_at: float = 0.0


class CoreToken(Token):
    """A core token of glasses-socket §1: HS256, claims `sub` and `email`, no token type claim."""

    token_type = "core"  # noqa: S105
    lifetime = timedelta(days=60)

    def get_token_backend(self) -> TokenBackend:
        return backend(settings.AUGMENTOS_AUTH_JWT_SECRET)

    def verify(self) -> None:
        if "exp" in self.payload or not settings.CORE_TOKENS_WITHOUT_EXPIRY:
            self.check_exp()


def issue_core_token(user: User, *, days: int | None = None) -> str:
    """Return a signed core token of `user` that lasts `days` (default: the setting CORE_TOKEN_DAYS)."""
    token = CoreToken()
    # Other issuers of core tokens write no type; readers must not come to depend on one.
    del token[api_settings.TOKEN_TYPE_CLAIM]
    token.set_exp(lifetime=timedelta(days=settings.CORE_TOKEN_DAYS if days is None else days))
    token.set_iat(at_time=earliest_issue(user))
    organization = default_organization(user)
    members = Membership.objects.filter(user=user).order_by("pk")
    token["sub"] = str(user.pk)
    token["email"] = user.email
    token["organizations"] = [str(pk) for pk in members.values_list("organization_id", flat=True)]
    token["defaultOrg"] = str(organization.pk) if organization else None
    return str(token)


def read_core_token(token: str) -> CoreClaims:
    """Return the claims of a good core token; raise InvalidCoreToken with the text of glasses-socket §1.

    Checks signature, expiry and required claims only, without any query: see `is_revoked`.
    """
    payload = _verified_payload(token)
    try:
        email = read_email(payload.get("email"))
    except InvalidEmail as error:
        raise InvalidCoreToken(NO_USER_ID) from error
    # Tokens of other issuers may lack an id; the digest lets them be withdrawn as well.
    subject, token_id = payload.get("sub"), payload.get("jti") or digest_of(token)
    if not isinstance(subject, str) or not subject.strip():
        raise InvalidCoreToken(INVALID)
    if not isinstance(token_id, str) or len(token_id) > MAX_ID_CHARACTERS or not token_id.isprintable():
        raise InvalidCoreToken(INVALID)
    return CoreClaims(email, subject, token_id, _expiry(payload), issued_at_of(payload))


def earliest_issue(user: User) -> datetime:
    """Return when a token of now is issued: not before the last log-out everywhere, which is a whole second."""
    now = datetime.now(UTC)
    return now if user.logged_out_at is None else max(now, user.logged_out_at)


def issued_at_of(payload: dict[str, Any]) -> float:
    """Return when a verified token was issued, in seconds since 1970; 0 when it does not tell."""
    issued = payload.get("iat")
    return float(issued) if isinstance(issued, int | float) else 0.0


def is_revoked(token_id: str) -> bool:
    """Say whether the token with this id was withdrawn; one query."""
    return _REVOCATION(jti=token_id)


@lru_cache(maxsize=4)
def backend(secret: str) -> TokenBackend:
    """Return what signs and checks tokens with `secret`; raise ImproperlyConfigured when there is none."""
    if not secret:
        raise ImproperlyConfigured("Set AUGMENTOS_AUTH_JWT_SECRET: it signs and checks core tokens.")
    return TokenBackend(ALGORITHM, signing_key=secret, leeway=CLOCK_SKEW)


def _verified_payload(token: str) -> dict[str, Any]:
    if not isinstance(token, str) or not 0 < len(token) <= MAX_TOKEN_CHARACTERS:
        raise InvalidCoreToken(INVALID)
    try:
        # Hostile headers and odd claims surface as any of these before or after the signature check.
        return CoreToken(token).payload  # type: ignore[arg-type]
    except (
        TokenError,
        ValueError,
        TypeError,
        ArithmeticError,
        OSError,
        AttributeError,
        RecursionError,
    ) as error:
        raise InvalidCoreToken(INVALID) from error


def _expiry(payload: dict[str, Any]) -> datetime | None:
    expires = payload.get("exp")
    return None if expires is None else datetime.fromtimestamp(int(expires), UTC)
