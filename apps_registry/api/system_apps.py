"""System apps: those the operator lets act for their users beyond themselves (rest §1 `apikey`, §6)."""

from collections.abc import Mapping

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request

from accounts.models import User
from apps_registry.api.authentication import AppKeyAuthentication
from apps_registry.models import ApiKey
from apps_registry.storage_selectors import get_installation

NOT_LISTED = "Package not authorized for API key authentication"
MISSING_USER = "Say with userId for whom your app asks."

# How such an app says who it is, for the description of an endpoint.
SYSTEM_APP_PARAMETERS = (
    OpenApiParameter("userId", str, description="For whom the app asks: an e-mail address."),
    OpenApiParameter("apiKey", str, description="The app's API key, if there is no Authorization header."),
    OpenApiParameter("packageName", str, description="Whose key that is."),
)


class SystemAppAuthentication(AppKeyAuthentication):
    """`apiKey`, `packageName` and `userId` in the query or the body; the key also as `Bearer <package>:<key>`.

    The person asked for becomes `request.user`, the key `request.auth`. Only packages of SYSTEM_APP_PACKAGES pass,
    and only for people who have them installed.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey]:  # type: ignore[override]
        """Return the person and the key; raise TokenRefused, PermissionDenied, NotInstalled, ValidationError."""
        key = self._key_of(request)
        if key.app.package_name not in settings.SYSTEM_APP_PACKAGES:
            raise PermissionDenied(NOT_LISTED)
        user_id = _said(request, "userId")
        if not user_id:
            raise ValidationError(MISSING_USER)
        return get_installation(key.app_id, user_id).user, key

    def _key_of(self, request: Request) -> ApiKey:
        plain = _said(request, "apiKey")
        if plain:
            return self._valid_key(_said(request, "packageName"), plain)
        return super().authenticate(request)[1]


class SystemAppIfShown(SystemAppAuthentication):
    """The same; whoever shows no key of an app may be somebody else."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:  # type: ignore[override]
        """Return the person and the key, or None where no key is shown."""
        if _said(request, "apiKey") or b":" in get_authorization_header(request):
            return super().authenticate(request)
        return None


def _said(request: Request, name: str) -> str:
    in_body = request.data.get(name) if isinstance(request.data, Mapping) else None
    said = request.query_params.get(name, in_body)
    return said if isinstance(said, str) else ""
