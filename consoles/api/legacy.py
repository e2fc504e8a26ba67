"""What older clients ask for and newer ones do not (rest §12); everything else of theirs is an alias."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals, wrapped
from accounts.api.views import asking_user, read_body
from accounts.rules import Right
from accounts.selectors import organizations_of
from accounts.services import ensure_default_organization
from consoles.api.access import own_app
from consoles.api.apps_wire import AppSerializer
from consoles.api.views import ConsoleView


class DeveloperSerializer(serializers.Serializer[Any]):
    """A developer, as older consoles know them."""

    id = serializers.CharField()
    email = serializers.CharField()
    name = serializers.CharField()
    profile = serializers.DictField()
    organizations = serializers.ListField(child=serializers.CharField())
    defaultOrg = serializers.CharField()
    createdAt = serializers.DateTimeField()


class DeveloperView(ConsoleView):
    """Who asks."""

    @extend_schema(responses=DeveloperSerializer)
    def get(self, request: Request) -> Response:
        """Read who you are."""
        user = asking_user(request)
        home = ensure_default_organization(user=user)
        said = {
            "id": user.pk,
            "email": user.email,
            "name": user.name,
            "profile": {},
            "organizations": organizations_of(user).order_by("pk").values_list("pk", flat=True),
            "defaultOrg": home.pk,
            "createdAt": user.created_at,
        }
        return Response(DeveloperSerializer(said).data)


class VisibilityBodySerializer(serializers.Serializer[Any]):
    """Whether the whole organization sees an app."""

    sharedWithOrganization = serializers.BooleanField()


class VisibilityView(ConsoleView):
    """Who of an organization sees an app: here, always all of it."""

    @extend_schema(
        request=VisibilityBodySerializer,
        responses={200: wrapped(AppSerializer), **refusals(400, 403, 404)},
    )
    def patch(self, request: Request, package: str) -> Response:
        """Confirm that an app is shared with its organization; nothing else can be."""
        app = own_app(request, package, Right.DEVELOP)
        if not read_body(VisibilityBodySerializer, request)["sharedWithOrganization"]:
            raise ValidationError("An app is always shared with its whole organization.")
        return self.answer(AppSerializer(app).data)
