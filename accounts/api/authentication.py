"""Who asks: the kinds of bearer tokens of rest §1. Identity comes from the token and from nothing else."""

from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.cli_tokens import read_cli_token
from accounts.console_tokens import read_console_token
from accounts.errors import InvalidCliToken, InvalidConsoleToken, InvalidCoreToken
from accounts.models import User
from accounts.services import admit_user
from accounts.tokens import NO_USER_ID, CoreClaims, read_core_token

SCHEME = b"bearer"
NO_HEADER = "Authorization header missing or invalid"
EXPIRED = "Invalid or expired token"
NOT_OURS = "The token is not one of ours or no longer holds."


class TokenRefused(AuthenticationFailed):
    """The request carries no acceptable token: 401 with `error`, the text clients know, and a plain `message`."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.message = message


class BearerAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer …`; `read` says whom the token speaks for or raises TokenRefused.

    With `optional` nobody is refused for having no token; a bad one is refused all the same.
    """

    kind = "token"
    optional = False

    def authenticate(self, request: Request) -> tuple[User | None, Any] | None:
        """Return the person the token speaks for; raise TokenRefused."""
        if self.optional and not get_authorization_header(request):
            return None
        return self.read(self.token_of(request)), None

    def token_of(self, request: Request) -> str:
        """Return the token a request carries; raise TokenRefused."""
        return _bearer_of(get_authorization_header(request), self.kind)

    def authenticate_header(self, request: Request) -> str:
        """Return what makes a refusal 401."""
        return f'Bearer realm="{self.kind}"'

    def read(self, token: str) -> User:
        """Return the person `token` speaks for; raise TokenRefused."""
        raise NotImplementedError


class CoreAuthentication(BearerAuthentication):
    """A core token, as phones have; its person is made at their first visit."""

    kind = "core"

    def read(self, token: str) -> User:
        """Return the person a core token speaks for."""
        try:
            return _admit(read_core_token(token))
        except InvalidCoreToken as refusal:
            if refusal.message == NO_USER_ID:
                raise TokenRefused("Invalid token data", "The token names no e-mail address.") from refusal
            raise TokenRefused(EXPIRED, NOT_OURS) from refusal


class OptionalCoreAuthentication(CoreAuthentication):
    """A core token, or nobody."""

    optional = True


class ConsoleAuthentication(BearerAuthentication):
    """A token of a web console; a core token is as good."""

    kind = "console"

    def read(self, token: str) -> User:
        """Return the person a console or core token speaks for."""
        try:
            return _admit(read_console_token(token))
        except InvalidConsoleToken as refusal:
            raise TokenRefused(EXPIRED, NOT_OURS) from refusal


class CliAuthentication(BearerAuthentication):
    """A key of the command line."""

    kind = "cli"

    def read(self, token: str) -> User:
        """Return the person whose live key this is."""
        try:
            return read_cli_token(token).user
        except InvalidCliToken as refusal:
            raise TokenRefused(
                EXPIRED, "The key is not one of ours, was revoked or has expired."
            ) from refusal


def _admit(claims: CoreClaims) -> User:
    try:
        return admit_user(claims=claims)
    except InvalidCoreToken as refusal:
        raise TokenRefused(
            "Invalid token", "The token was withdrawn, or its user is not active."
        ) from refusal


def _bearer_of(header: bytes, kind: str) -> str:
    parts = header.split()
    if len(parts) != 2 or parts[0].lower() != SCHEME:  # noqa: PLR2004
        raise TokenRefused(NO_HEADER, f"Send the header: Authorization: Bearer <{kind} token>.")
    try:
        return parts[1].decode("ascii")
    except UnicodeDecodeError as error:
        raise TokenRefused(NO_HEADER, "The token holds characters that no token of ours has.") from error
