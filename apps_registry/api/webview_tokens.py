"""One-time tokens by which an app's page, or the store's, learns who looks at it (rest §3)."""

import logging
from typing import Any

from django.db import DatabaseError
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication
from accounts.api.refusals import unsuccessful
from accounts.api.schema import refusals
from accounts.api.views import asking_user, client_address, read_body
from accounts.limits import take
from accounts.tokens import issue_core_token
from apps_registry.api.authentication import AppKeyAuthentication, asking_key
from apps_registry.api.views import (
    ExchangeRefusedSerializer,
    PackageSerializer,
    TokenAndPackageSerializer,
    WebviewView,
    refuse,
)
from apps_registry.errors import WebviewTokenRefused
from apps_registry.models import App
from apps_registry.services import is_store, make_webview_token, spend_webview_token

logger = logging.getLogger(__name__)


class WebviewTokenSerializer(serializers.Serializer[Any]):
    """A token that is good once, for a minute."""

    success = serializers.BooleanField(default=True)
    token = serializers.CharField(min_length=64, max_length=64)


class WhoSerializer(serializers.Serializer[Any]):
    """Who looks at the page."""

    success = serializers.BooleanField(default=True)
    userId = serializers.CharField()


class UserExchangeRefusedSerializer(serializers.Serializer[Any]):
    """Why nobody is named: of a token with `success` and `code`, of an API key with `message`."""

    success = serializers.BooleanField(required=False)
    code = serializers.CharField(required=False)
    error = serializers.CharField()
    message = serializers.CharField(required=False)


class StoreTokensSerializer(serializers.Serializer[Any]):
    """What the store shows from now on."""

    supabaseToken = serializers.CharField(help_text="Empty: this cloud has none.", allow_blank=True)
    coreToken = serializers.CharField()


class StoreVisitorSerializer(WhoSerializer):
    """Who looks at the store."""

    tokens = StoreTokensSerializer()


class GenerateWebviewTokenView(WebviewView):
    """What a phone puts behind the address of an app's page."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(
        request=PackageSerializer, responses={200: WebviewTokenSerializer, **refusals(400, 404, 429)}
    )
    def post(self, request: Request) -> Response:
        """Make a token by which an app you have or could install learns who you are.

        It is good once and for a minute.
        """
        package = read_body(PackageSerializer, request)["packageName"]
        return Response(
            {"success": True, "token": make_webview_token(user=asking_user(request), package=package)}
        )


class ExchangeUserTokenView(WebviewView):
    """What an app's server asks about who looks at its page."""

    authentication_classes = (AppKeyAuthentication,)

    @extend_schema(
        request=TokenAndPackageSerializer,
        responses={
            200: WhoSerializer,
            401: OpenApiResponse(UserExchangeRefusedSerializer, "The token or the API key does not hold."),
            500: OpenApiResponse(ExchangeRefusedSerializer, "`exchange_error`: try again."),
            **refusals(400, 429),
        },
    )
    def post(self, request: Request) -> Response:
        """Learn who looks at your app's page, for the token in its address; a token is good once."""
        app = asking_key(request).app
        body = read_body(TokenAndPackageSerializer, request)
        take("user_exchange", app.pk)
        try:
            return _name_visitor(app, body)
        except WebviewTokenRefused as refusal:
            return refuse(refusal)
        except DatabaseError:
            logger.exception("A webview token of %s could not be exchanged", app.package_name)
            failed = {
                **unsuccessful("The token could not be exchanged. Try again."),
                "code": "exchange_error",
            }
            return Response(failed, status.HTTP_500_INTERNAL_SERVER_ERROR)


class ExchangeStoreTokenView(WebviewView):
    """The way into the store, from a phone."""

    @extend_schema(
        request=TokenAndPackageSerializer,
        responses={
            200: StoreVisitorSerializer,
            401: OpenApiResponse(ExchangeRefusedSerializer, "The token does not hold."),
            **refusals(400, 403, 429),
        },
    )
    def post(self, request: Request) -> Response:
        """Exchange the token in the address of the store's page for a core token; it is good once."""
        body = read_body(TokenAndPackageSerializer, request)
        package = body["packageName"]
        if not is_store(package):
            raise PermissionDenied("Only the store exchanges tokens here.")
        take("store_exchange", client_address(request))
        try:
            user = spend_webview_token(token=body["aos_temp_token"], package=package)
        except WebviewTokenRefused as refusal:
            return refuse(refusal)
        tokens = {"supabaseToken": "", "coreToken": issue_core_token(user)}
        return Response({"success": True, "userId": user.email, "tokens": tokens})


def _name_visitor(app: App, body: dict[str, Any]) -> Response:
    """Return who looks at a page of `app`; a package in the body that is not the key's own is another's."""
    if body["packageName"] != app.package_name:
        raise WebviewTokenRefused("token_package_mismatch")
    user = spend_webview_token(token=body["aos_temp_token"], package=app.package_name)
    return Response({"success": True, "userId": user.email})
