"""The permissions of one app (rest §8)."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import BearerAuthentication, ConsoleAuthentication
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user, read_body
from accounts.rules import Right
from apps_registry.errors import AppNotFound
from apps_registry.rules import is_package_name
from apps_registry.selectors import apps_offered_to
from apps_registry.services import update_app
from consoles.api.access import own_app
from consoles.api.apps_wire import AppSerializer, ObjectsField, PermissionSerializer, for_the_wire, fresh


class DeclaredSerializer(serializers.Serializer[Any]):
    """What an app may do, and why."""

    permissions = PermissionSerializer(many=True)


class DeclareSerializer(serializers.Serializer[Any]):
    """What an app shall be allowed to do, and why."""

    permissions = ObjectsField()


class PermissionsView(ApiView):
    """The permissions of one app."""

    authentication_classes: Sequence[type[BearerAuthentication]] = (ConsoleAuthentication,)

    @extend_schema(responses={200: DeclaredSerializer, **refusals(404)})
    def get(self, request: Request, package: str) -> Response:
        """Read what an app may do that you have or could install."""
        offered = for_the_wire(apps_offered_to(asking_user(request))).filter(package_name=package)
        app = offered.first() if is_package_name(package) else None
        if app is None:
            raise AppNotFound(package[:200])
        return Response({"permissions": AppSerializer(app).data["permissions"]})

    @extend_schema(request=DeclareSerializer, responses={200: AppSerializer, **refusals(403, 404)})
    def patch(self, request: Request, package: str) -> Response:
        """Declare anew what an app of yours may do."""
        app = own_app(request, package, Right.DEVELOP)
        wanted = read_body(DeclareSerializer, request)["permissions"]
        return Response(AppSerializer(fresh(update_app(app=app, permissions=wanted))).data)
