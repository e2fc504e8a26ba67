"""The keys of one's command lines (rest §11)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import DoneSerializer, refusals, wrapped
from accounts.api.views import asking_user, read_body
from accounts.models import CliKey
from accounts.rules.cli_keys import LONGEST_LIFE_DAYS
from accounts.selectors import cli_keys_of
from accounts.services import make_cli_key, rename_cli_key, revoke_cli_key
from consoles.api.views import ConsoleView


class CliKeySerializer(serializers.Serializer[Any]):
    """A key, without its token."""

    keyId = serializers.CharField(source="key_id")
    name = serializers.CharField()
    createdAt = serializers.DateTimeField(source="created_at")
    lastUsedAt = serializers.DateTimeField(source="last_used_at", allow_null=True)
    expiresAt = serializers.DateTimeField(source="expires_at", allow_null=True)
    isActive = serializers.SerializerMethodField()

    def get_isActive(self, key: CliKey) -> bool:  # noqa: N802
        """Say whether the key still opens anything."""
        is_expired = key.expires_at is not None and key.expires_at <= timezone.now()
        return key.revoked_at is None and not is_expired


class MadeCliKeySerializer(serializers.Serializer[Any]):
    """A key with its token, shown this once."""

    keyId = serializers.CharField(source="key_id")
    name = serializers.CharField()
    token = serializers.CharField()
    createdAt = serializers.DateTimeField(source="created_at")
    expiresAt = serializers.DateTimeField(source="expires_at", allow_null=True)


class NewCliKeySerializer(serializers.Serializer[Any]):
    """What a key is made with."""

    name = serializers.CharField()
    expiresInDays = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LONGEST_LIFE_DAYS
    )


class KeyNameSerializer(serializers.Serializer[Any]):
    """Another name."""

    name = serializers.CharField()


class CliKeysView(ConsoleView):
    """All keys of whoever asks."""

    @extend_schema(responses=wrapped(CliKeySerializer, many=True))
    def get(self, request: Request) -> Response:
        """List your keys, newest first."""
        return self.answer(CliKeySerializer(cli_keys_of(asking_user(request)), many=True).data)

    @extend_schema(
        request=NewCliKeySerializer, responses={201: wrapped(MadeCliKeySerializer), **refusals(429)}
    )
    def post(self, request: Request) -> Response:
        """Make a key for a command line.

        Its token is shown in this answer and never again.
        """
        wanted = read_body(NewCliKeySerializer, request)
        key, token = make_cli_key(
            user=asking_user(request),
            name=wanted["name"],
            expires_in_days=wanted.get("expiresInDays"),
        )
        made = {name: getattr(key, name) for name in ("key_id", "name", "created_at", "expires_at")}
        return self.answer(MadeCliKeySerializer({**made, "token": token}).data, status.HTTP_201_CREATED)


class CliKeyView(ConsoleView):
    """One key."""

    @extend_schema(responses={200: wrapped(CliKeySerializer), **refusals(404)})
    def get(self, request: Request, key_id: str) -> Response:
        """Read a key."""
        return self.answer(CliKeySerializer(_own(request, key_id)).data)

    @extend_schema(request=KeyNameSerializer, responses={200: wrapped(CliKeySerializer), **refusals(404)})
    def patch(self, request: Request, key_id: str) -> Response:
        """Rename a key."""
        key = _own(request, key_id)
        renamed = rename_cli_key(key=key, name=read_body(KeyNameSerializer, request)["name"])
        return self.answer(CliKeySerializer(renamed).data)

    @extend_schema(responses={200: DoneSerializer, **refusals(404)})
    def delete(self, request: Request, key_id: str) -> Response:
        """Revoke a key: its token is refused at once."""
        revoke_cli_key(key=_own(request, key_id))
        return Response({"success": True})


def _own(request: Request, key_id: str) -> CliKey:
    key = None if "\0" in key_id else cli_keys_of(asking_user(request)).filter(key_id=key_id).first()
    if key is None:
        raise NotFound("You have no such key.")
    return key
