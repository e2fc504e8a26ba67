"""What anybody may know of an app (rest §6): the SDKs ask it to warn developers."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.refusals import Wording, unsuccessful
from accounts.api.schema import refusals
from accounts.api.views import ApiView
from apps_registry.selectors import get_app


class PublicPermissionSerializer(serializers.Serializer[Any]):
    """A permission an app declares."""

    type = serializers.CharField()
    description = serializers.CharField(required=False)


class PublicPermissionsSerializer(serializers.Serializer[Any]):
    """What an app declares to need."""

    success = serializers.BooleanField(default=True)
    packageName = serializers.CharField()
    permissions = PublicPermissionSerializer(many=True)


class PublicPermissionsView(ApiView):
    """The permissions of one app, for everybody."""

    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    @extend_schema(responses={200: PublicPermissionsSerializer, **refusals(404)})
    def get(self, request: Request, package: str) -> Response:
        """Read what an app declares to need."""
        app = get_app(package)
        declared = [
            {"type": row.type, **({"description": row.description} if row.description else {})}
            for row in app.permissions.all()
        ]
        return Response({"success": True, "packageName": app.package_name, "permissions": declared})
