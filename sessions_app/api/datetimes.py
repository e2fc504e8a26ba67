"""A phone says what time its user has, for apps that show it (rest §7)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication
from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from sessions_app.api.views import NoSessionSerializer, PhoneView, answer_no_session, ask_own_session
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound.commands import PassDatetime

LONGEST = 64


class CoreInBodyAuthentication(CoreAuthentication):
    """A core token in the header, or as `coreToken` in the body, where phones of 2025 put it."""

    def token_of(self, request: Request) -> str:
        """Return the token a request carries; raise TokenRefused."""
        in_body = request.data.get("coreToken") if isinstance(request.data, Mapping) else None
        if isinstance(in_body, str) and in_body and not get_authorization_header(request):
            return in_body
        return super().token_of(request)


class IsoField(serializers.CharField):
    """A date and time as ISO 8601, passed on as it was written."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text; raise ValidationError."""
        text: str = super().to_internal_value(data)
        try:
            datetime.fromisoformat(text)
        except ValueError as error:
            raise serializers.ValidationError(
                "It must be a date and time as in 2026-01-02T03:04:05Z."
            ) from error
        return text


class DatetimeSerializer(serializers.Serializer[Any]):
    """The user's date and time. The token may stand in the body in place of the header."""

    coreToken = serializers.CharField(required=False)
    datetime = IsoField(max_length=LONGEST)


class PassedDatetimeSerializer(serializers.Serializer[Any]):
    """Whose apps were told, and what."""

    success = serializers.BooleanField(default=True)
    userId = serializers.CharField()
    datetime = serializers.CharField()


class SetDatetimeView(PhoneView):
    """What time the user has."""

    authentication_classes = (CoreInBodyAuthentication,)

    @extend_schema(
        request=DatetimeSerializer,
        responses={200: PassedDatetimeSerializer, 503: NoSessionSerializer, **refusals(400, 404)},
    )
    def post(self, request: Request) -> Response:
        """Tell the user's apps what time the user has.

        Those that subscribed to `custom_message` get it as the action `update_datetime`.
        """
        text = read_body(DatetimeSerializer, request)["datetime"]
        user = asking_user(request)
        try:
            ask_own_session(user, PassDatetime(text))
        except SessionAbsent as problem:
            raise NotFound("There is no active session: connect the phone's socket first.") from problem
        except OwnerUnreachable as problem:
            return answer_no_session(problem)
        return Response({"success": True, "userId": user.email, "datetime": text})
