"""Who asks (rest §10)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import wrapped
from accounts.api.views import asking_user
from accounts.selectors import organizations_of, with_people
from accounts.services import ensure_default_organization
from consoles.api.organizations_wire import OrganizationSerializer
from consoles.api.views import ConsoleView


class AccountSerializer(serializers.Serializer[Any]):
    """A person with their organizations."""

    id = serializers.CharField()
    email = serializers.CharField()
    name = serializers.CharField()
    orgs = OrganizationSerializer(many=True)
    defaultOrgId = serializers.CharField()


class AccountView(ConsoleView):
    """The account of whoever asks."""

    @extend_schema(responses=wrapped(AccountSerializer))
    def get(self, request: Request) -> Response:
        """Read your account.

        Whoever belongs to no organization yet is given one of their own.
        """
        user = asking_user(request)
        home = ensure_default_organization(user=user)
        said = {
            "id": user.pk,
            "email": user.email,
            "name": user.name,
            "orgs": with_people(organizations_of(user).order_by("pk")),
            "defaultOrgId": home.pk,
        }
        return self.answer(AccountSerializer(said).data)
