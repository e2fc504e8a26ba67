"""Who may have texts read aloud: phones with a signed address, app servers with a key, people with a core token."""

from typing import Final

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.api.authentication import CoreAuthentication, TokenRefused
from apps_registry.api.authentication import AppKeyIfShown
from apps_registry.models import ApiKey
from sessions_app.speech.links import LINK_SECONDS, SIGNATURE, listener_of


class LinkAuthentication(BaseAuthentication):
    """A signed address instead of a token: `request.auth` is whom it was signed for."""

    def authenticate(self, request: Request) -> tuple[None, str] | None:
        """Return whom the address is for, None if it has no signature; raise TokenRefused."""
        if SIGNATURE not in request.query_params:
            return None
        listener = listener_of(request.META.get("QUERY_STRING", ""))
        if listener is None:
            minutes = LINK_SECONDS // 60
            raise TokenRefused(
                "Invalid or expired signature",
                f"The address was changed, or is older than {minutes} minutes; have it made again.",
            )
        return None, listener

    def authenticate_header(self, request: Request) -> str:
        """Return what makes every refusal 401."""
        return CoreAuthentication().authenticate_header(request)


LISTENER_AUTHENTICATIONS: Final = (LinkAuthentication, AppKeyIfShown, CoreAuthentication)


def name_of_listener(request: Request) -> str:
    """Return a name for whoever asks, to count by."""
    if isinstance(request.auth, ApiKey):
        return f"app-{request.auth.app_id}"
    return f"link-{request.auth}" if isinstance(request.auth, str) else f"person-{request.user.pk}"
