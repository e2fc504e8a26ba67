"""Signing in with another identity provider (rest §3): its token for one of ours."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals
from accounts.api.views import ApiView, client_address, read_body
from accounts.errors import InvalidCoreToken, InvalidIdToken
from accounts.id_tokens import MAX_ID_TOKEN_CHARACTERS, read_id_token
from accounts.limits import take
from accounts.services import admit_user
from accounts.tokens import issue_core_token

TOKEN_NAMES = ("idToken", "supabaseToken", "authingToken")


def _token_field(about: str) -> serializers.CharField:
    return serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=MAX_ID_TOKEN_CHARACTERS, help_text=about
    )


class ForeignTokenSerializer(serializers.Serializer[Any]):
    """An ID token of an identity provider, under any of three names."""

    idToken = _token_field("Of any provider.")
    supabaseToken = _token_field("The same, as older phones say it.")
    authingToken = _token_field("The same, as older phones say it.")


class CoreTokenSerializer(serializers.Serializer[Any]):
    """What a phone shows from now on."""

    coreToken = serializers.CharField()


class ExchangeTokenView(ApiView):
    """The way in for people whom an identity provider knows."""

    @extend_schema(
        request=ForeignTokenSerializer,
        responses={200: CoreTokenSerializer, **refusals(400, 401, 429, 502)},
    )
    def post(self, request: Request) -> Response:
        """Exchange an identity provider's token for a core token.

        The provider has to be configured, and to have verified the e-mail address. The person is made at their first
        visit.
        """
        body = read_body(ForeignTokenSerializer, request)
        token = next((body[name] for name in TOKEN_NAMES if body.get(name)), None)
        if token is None:
            raise ValidationError("Send a token as idToken.")
        take("sign_in", client_address(request))
        try:
            user = admit_user(claims=read_id_token(token))
        except InvalidCoreToken as refusal:
            raise InvalidIdToken from refusal
        return Response({"coreToken": issue_core_token(user)})
