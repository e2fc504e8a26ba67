"""Letting an app know who one is, from a page that asks first (rest §8)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication
from accounts.api.schema import refusals, wrapped
from accounts.api.views import asking_user
from apps_registry.api.views import WebviewView
from apps_registry.webview_selectors import get_offered_app


class AskingAppSerializer(serializers.Serializer[Any]):
    """The app that asks who somebody is."""

    packageName = serializers.CharField(source="package_name")
    name = serializers.CharField()
    description = serializers.CharField()
    logoURL = serializers.CharField(source="logo_url")
    webviewURL = serializers.CharField(source="webview_url")
    orgName = serializers.CharField(source="organization.name")
    verificationStatus = serializers.CharField(source="verification_status")


class AskingAppView(WebviewView):
    """What a consent page shows."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(responses={200: wrapped(AskingAppSerializer), **refusals(404)})
    def get(self, request: Request, package: str) -> Response:
        """Read what to show before you let an app know who you are."""
        app = get_offered_app(asking_user(request), package)
        return Response({"success": True, "data": AskingAppSerializer(app).data})
