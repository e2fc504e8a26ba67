"""The base of endpoints about the pages of apps: their refusals have `success` and `error`, some a `code` (rest §3)."""

from typing import Any, ClassVar

from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.api.refusals import Wording, unsuccessful
from accounts.api.views import ApiView
from apps_registry.errors import WebviewTokenRefused
from apps_registry.rules.apps import MAX_PACKAGE_NAME_CHARACTERS

WEBVIEW_TOKEN_CHARACTERS = 200


class WebviewView(ApiView):
    """An endpoint about who looks at an app's page."""

    wording: ClassVar[Wording] = staticmethod(unsuccessful)


class PackageSerializer(serializers.Serializer[Any]):
    """Which app."""

    packageName = serializers.CharField(max_length=MAX_PACKAGE_NAME_CHARACTERS)


class TokenAndPackageSerializer(PackageSerializer):
    """A token, and the app it was made for."""

    aos_temp_token = serializers.CharField(max_length=WEBVIEW_TOKEN_CHARACTERS)


class ExchangeRefusedSerializer(serializers.Serializer[Any]):
    """Why a token was not exchanged."""

    success = serializers.BooleanField(default=False)
    code = serializers.CharField(help_text="token_not_found, token_used, token_expired, …")
    error = serializers.CharField(help_text="A plain sentence.")


def refuse(problem: WebviewTokenRefused) -> Response:
    """Return the answer to a token that is not exchanged."""
    body = {**unsuccessful(problem.message), "code": problem.code}
    return Response(body, status.HTTP_401_UNAUTHORIZED)
