"""App servers, which show a key of their app (rest §1 and §3)."""

from collections.abc import Mapping

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
        package = named if colon else _package_in(request.data)
        key = find_valid_key(package, plain)
        if key is None:
            raise TokenRefused("Invalid API key", "No such app has this key, or it works no more.")
        return None, key


def asking_key(request: Request) -> ApiKey:
    """Return the key an authenticated request showed."""
    if not isinstance(request.auth, ApiKey):
        raise TypeError("This endpoint is not for everybody: it needs AppKeyAuthentication.")
    return request.auth


def _package_in(body: object) -> str:
    package = body.get("packageName") if isinstance(body, Mapping) else None
    return package if isinstance(package, str) else ""
