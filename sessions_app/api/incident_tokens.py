"""Who may bring logs for an incident: its person, or an app that was asked for them (rest §9)."""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request

from accounts.api.authentication import EXPIRED, CoreAuthentication, TokenRefused
from accounts.models import User
from apps_registry.selectors import find_valid_key
from sessions_app.incidents.tokens import UploadGrant, read_upload_token

NOT_GRANTED = "The upload token is not one of ours, is for another app, or its five minutes are over."


class IncidentLogAuthentication(CoreAuthentication):
    """A core token, or the upload token of an app; `request.auth` then is what that grants.

    An app shows its token as the bearer, or as `uploadToken` in the body beside `X-App-Api-Key` and `X-App-Package`.
    """

    def authenticate(self, request: Request) -> tuple[User | None, Any] | None:
        """Return whom the token speaks for, or what it grants; raise TokenRefused."""
        key = request.headers.get("X-App-Api-Key")
        if key is not None:
            return None, _granted_to_key(request, key)
        grant = read_upload_token(self.token_of(request))
        return super().authenticate(request) if grant is None else (None, grant)


def _granted_to_key(request: Request, key: str) -> UploadGrant:
    package_name = request.headers.get("X-App-Package", "")
    if find_valid_key(package_name, key) is None:
        raise TokenRefused("Invalid API key", "No such app has this key, or it works no more.")
    body = request.data
    grant = read_upload_token(body.get("uploadToken") if isinstance(body, Mapping) else None)
    if grant is None or grant.package_name != package_name:
        raise TokenRefused(EXPIRED, NOT_GRANTED)
    return grant
