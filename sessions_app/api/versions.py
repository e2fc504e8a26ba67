"""Which versions of clients this cloud asks for (rest §2, §4, §6)."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import wrapped
from accounts.api.views import ApiView
from sessions_app.api.views import timestamp


class PhoneVersionsSerializer(serializers.Serializer[Any]):
    """The oldest version of the phone's app that still works here, and the one to have."""

    # Not a field of the class: every field has an attribute of the name `required`.
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: serializers.CharField() for name in ("required", "recommended")}


class LatestSerializer(serializers.Serializer[Any]):
    """The version of the SDK to have."""

    latest = serializers.CharField()


class CloudVersionSerializer(serializers.Serializer[Any]):
    """The version of this cloud."""

    version = serializers.CharField()


class MinVersionView(ApiView):
    """What phones have to be."""

    @extend_schema(responses=wrapped(PhoneVersionsSerializer, stamped=True))
    def get(self, request: Request) -> Response:
        """Read which version of the phone's app is required, and which is recommended."""
        said = {
            "required": settings.PHONE_VERSION_REQUIRED,
            "recommended": settings.PHONE_VERSION_RECOMMENDED,
        }
        return Response({"success": True, "data": said, "timestamp": timestamp()})


class SdkVersionView(ApiView):
    """What apps should be built with."""

    @extend_schema(responses=wrapped(LatestSerializer))
    def get(self, request: Request) -> Response:
        """Read the newest version of the official SDK that this cloud is tested with."""
        return Response({"success": True, "data": {"latest": settings.SDK_VERSION_LATEST}})


class CloudVersionView(ApiView):
    """What answers."""

    @extend_schema(responses=CloudVersionSerializer)
    def get(self, request: Request) -> Response:
        """Read the version of this cloud."""
        return Response({"version": settings.VERSION})
