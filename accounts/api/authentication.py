"""Who asks: the kinds of bearer tokens of rest §1. Identity comes from the token and from nothing else."""

from collections.abc import Callable
from typing import ClassVar

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.errors import InvalidCoreToken
from accounts.models import User
from accounts.services import admit_user
from accounts.tokens import NO_USER_ID, read_core_token

SCHEME = b"bearer"
NO_HEADER = "Authorization header missing or invalid"


class TokenRefused(AuthenticationFailed):
    """The request carries no acceptable token: 401 with `error`, the text clients know, and a plain `message`."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.message = message


class BearerAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer …` and has `readers` try the token, one after the other.

    With `optional` nobody is refused for having no token; a bad one is refused all the same.
    """

    kind = "token"
    optional = False
    readers: ClassVar[tuple[Callable[[str], User], ...]] = ()

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Return the person the token speaks for; raise TokenRefused."""
        header = get_authorization_header(request)
        if not header and self.optional:
            return None
        return self._read(_bearer_of(header, self.kind)), None

    def authenticate_header(self, request: Request) -> str:
        """Return what makes a refusal 401."""
        return f'Bearer realm="{self.kind}"'

    def _read(self, token: str) -> User:
        refusals = []
        for reader in self.readers:
            try:
                return reader(token)
            except TokenRefused as refusal:
                refusals.append(refusal)
        raise refusals[-1]


def user_of_core_token(token: str) -> User:
    """Return the person a core token speaks for, made at their first visit; raise TokenRefused."""
    try:
        claims = read_core_token(token)
    except InvalidCoreToken as refusal:
        if refusal.message == NO_USER_ID:
            raise TokenRefused("Invalid token data", "The token names no e-mail address.") from refusal
        raise TokenRefused(
            "Invalid or expired token", "The token is not one of ours or no longer holds."
        ) from refusal
    try:
        return admit_user(claims=claims)
    except InvalidCoreToken as refusal:
        raise TokenRefused(
            "Invalid token", "The token was withdrawn, or its user is not active."
        ) from refusal


class CoreAuthentication(BearerAuthentication):
    """A core token, as phones have."""

    kind = "core"
    readers = (user_of_core_token,)


class OptionalCoreAuthentication(CoreAuthentication):
    """A core token, or nobody."""

    optional = True


def _bearer_of(header: bytes, kind: str) -> str:
    parts = header.split()
    if len(parts) != 2 or parts[0].lower() != SCHEME:  # noqa: PLR2004
        raise TokenRefused(NO_HEADER, f"Send the header: Authorization: Bearer <{kind} token>.")
    try:
        return parts[1].decode("ascii")
    except UnicodeDecodeError as error:
        raise TokenRefused(NO_HEADER, "The token holds characters that no token of ours has.") from error
