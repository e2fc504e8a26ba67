"""App servers, which show a key of their app (rest §1 and §3)."""

from collections.abc import Mapping

from rest_framework.authentication import get_authorization_header
from rest_framework.request import Request

from accounts.api.authentication import BearerAuthentication, TokenRefused
from apps_registry.models import ApiKey
from apps_registry.selectors import find_valid_key


class AppKeyAuthentication(BearerAuthentication):
    """`Bearer <package>:<key>`, or `Bearer <key>` with the package as `packageName` in the body.

    Nobody's person is asked for: `request.auth` is the key, whose app asks.
    """

    kind = "sdk"

    def authenticate(self, request: Request) -> tuple[None, ApiKey]:
        """Return the key; raise TokenRefused."""
        named, colon, plain = self.token_of(request).rpartition(":")
        return None, self._valid_key(named if colon else _package_in(request.data), plain)

    def _valid_key(self, package: str, plain: str) -> ApiKey:
        key = find_valid_key(package, plain)
        if key is None:
            raise TokenRefused("Invalid API key", "No such app has this key, or it works no more.")
        return key


class AppKeyIfShown(AppKeyAuthentication):
    """A key as above or as the headers `X-API-Key` and `X-Package-Name`; whoever shows none may be somebody else."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:  # type: ignore[override]
        """Return the key, or None where there is none; raise TokenRefused for one that does not work."""
        plain = request.headers.get("X-API-Key")
        if plain is not None:
            return None, self._valid_key(request.headers.get("X-Package-Name", ""), plain)
        if b":" in get_authorization_header(request):
            return super().authenticate(request)
        return None


def asking_key(request: Request) -> ApiKey:
    """Return the key an authenticated request showed."""
    if not isinstance(request.auth, ApiKey):
        raise TypeError("This endpoint is not for everybody: it needs AppKeyAuthentication.")
    return request.auth


def _package_in(body: object) -> str:
    package = body.get("packageName") if isinstance(body, Mapping) else None
    return package if isinstance(package, str) else ""
