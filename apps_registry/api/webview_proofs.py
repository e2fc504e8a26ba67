"""What proves to an app's page, without a call, where it comes from and who looks at it (rest §3.1)."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication
from accounts.api.refusals import unsuccessful
from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from accounts.limits import take
from apps_registry.api.views import ExchangeRefusedSerializer, PackageSerializer, WebviewView
from apps_registry.errors import SigningKeyMissing
from apps_registry.rules import hash_with_key, is_address_of
from apps_registry.user_tokens import issue_user_token
from apps_registry.webview_selectors import get_offered_app, webview_key_digest

MAX_HASHED_CHARACTERS = 2000


class HashedSerializer(PackageSerializer):
    """What to hash, and with whose key."""

    stringToHash = serializers.CharField(
        max_length=MAX_HASHED_CHARACTERS, help_text="The address of this cloud, as the phone knows it."
    )


class HashSerializer(serializers.Serializer[Any]):
    """The checksum."""

    success = serializers.BooleanField(default=True)
    hash = serializers.CharField(min_length=64, max_length=64)


class UserTokenSerializer(serializers.Serializer[Any]):
    """A signed token (RS256), for ten minutes."""

    success = serializers.BooleanField(default=True)
    token = serializers.CharField()
    expiresIn = serializers.CharField(default="10m")


class HashWithApiKeyView(WebviewView):
    """What lets an app trust the address of this cloud."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(request=HashedSerializer, responses={200: HashSerializer, **refusals(400, 404, 409, 429)})
    def post(self, request: Request) -> Response:
        """Compute `cloudApiUrlChecksum` for an app you have or could install.

        Only addresses of this cloud are hashed: with any other an app's server would send its key there, and with
        a person's address somebody could pretend to be them.
        """
        body = read_body(HashedSerializer, request)
        user, text = asking_user(request), body["stringToHash"]
        take("webview", user.pk)
        if not is_address_of(text, (settings.PUBLIC_URL, *settings.WEBVIEW_CLOUD_URLS)):
            raise ValidationError("stringToHash must be the address of this cloud.")
        digest = webview_key_digest(get_offered_app(user, body["packageName"]))
        return Response({"success": True, "hash": hash_with_key(text, digest)})


class GenerateUserTokenView(WebviewView):
    """What names the person who looks at an app's page, signed."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(
        request=PackageSerializer,
        responses={
            200: UserTokenSerializer,
            503: OpenApiResponse(ExchangeRefusedSerializer, "`signing_key_missing`: this cloud signs none."),
            **refusals(400, 404, 409, 429),
        },
    )
    def post(self, request: Request) -> Response:
        """Make a signed token that names you to an app you have or could install.

        Apps verify it with the key at `/.well-known/jwks.json`.
        """
        user = asking_user(request)
        package = read_body(PackageSerializer, request)["packageName"]
        take("webview", user.pk)
        digest = webview_key_digest(get_offered_app(user, package))
        try:
            token = issue_user_token(user.email, digest)
        except SigningKeyMissing as problem:
            body = {**unsuccessful(problem.message), "code": problem.code}
            return Response(body, status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response({"success": True, "token": token, "expiresIn": "10m"})
