"""Who one is, and what one allows (rest §8)."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user, read_body
from accounts.errors import InvalidProfile
from accounts.models import MAX_NAME_CHARACTERS
from accounts.rules.own_data import merge_privacy
from accounts.services import update_privacy, update_profile

_OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}


@extend_schema_field(_OBJECT)
class ObjectField(serializers.JSONField):
    """An object whose parts are the client's own."""


class OwnProfileSerializer(serializers.Serializer[Any]):
    """A person."""

    id = serializers.CharField(source="pk")
    email = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    profile = ObjectField()


class OwnAccountSerializer(OwnProfileSerializer):
    """A person, and since when."""

    createdAt = serializers.DateTimeField(source="created_at")


class OwnProfileChangesSerializer(serializers.Serializer[Any]):
    """What to change; any other part is kept as it is sent, null forgets it."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NAME_CHARACTERS)
    displayName = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    phoneNumber = serializers.CharField(required=False, allow_blank=True, allow_null=True)


class PrivacySerializer(serializers.Serializer[Any]):
    """What a person allows."""

    shareUsageData = serializers.BooleanField(required=False)
    receiveNotifications = serializers.BooleanField(required=False)
    allowDataCollection = serializers.BooleanField(required=False)


class AccountView(ApiView):
    """An endpoint about oneself."""

    authentication_classes = (CoreAuthentication,)


class MeView(AccountView):
    """Oneself."""

    @extend_schema(responses=OwnAccountSerializer)
    def get(self, request: Request) -> Response:
        """Read who you are."""
        return Response(OwnAccountSerializer(asking_user(request)).data)


class ProfileView(AccountView):
    """One's profile."""

    @extend_schema(
        request=OwnProfileChangesSerializer, responses={200: OwnProfileSerializer, **refusals(400)}
    )
    def put(self, request: Request) -> Response:
        """Change your name and what else your profile says; parts that are not named stay."""
        read_body(OwnProfileChangesSerializer, request)
        if not isinstance(request.data, dict):
            raise InvalidProfile("Send an object.")
        user = update_profile(user=asking_user(request), changes=request.data)
        return Response(OwnProfileSerializer(user).data)


class PrivacyView(AccountView):
    """One's privacy."""

    @extend_schema(responses=PrivacySerializer)
    def get(self, request: Request) -> Response:
        """Read what you allow."""
        return Response(merge_privacy(asking_user(request).privacy, {}))

    @extend_schema(request=PrivacySerializer, responses={200: PrivacySerializer, **refusals(400)})
    def put(self, request: Request) -> Response:
        """Change what you allow; what is not named stays."""
        return Response(
            update_privacy(user=asking_user(request), changes=read_body(PrivacySerializer, request))
        )
