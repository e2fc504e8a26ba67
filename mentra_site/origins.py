"""Which pages of other origins may call REST (rest §1)."""

from urllib.parse import SplitResult, urlsplit

from corsheaders.middleware import (
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    CorsMiddleware,
)
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class OriginMiddleware(CorsMiddleware):
    """Lets origins of CORS_ALLOWED_ORIGINS send credentials, and all others call without any."""

    def origin_found_in_white_lists(self, origin: str, url: SplitResult) -> bool:
        """Let every origin in."""
        return True

    def add_response_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say who may read the answer; credentials are only for origins we were told of."""
        super().add_response_headers(request, response)
        if ACCESS_CONTROL_ALLOW_ORIGIN in response:
            origin = response[ACCESS_CONTROL_ALLOW_ORIGIN]
            if not super().origin_found_in_white_lists(origin, urlsplit(origin)):
                response[ACCESS_CONTROL_ALLOW_ORIGIN] = "*"
                del response[ACCESS_CONTROL_ALLOW_CREDENTIALS]
        return response
