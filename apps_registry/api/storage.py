"""What apps keep in the cloud about their users: the SDKs' simple storage (rest §6)."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.parsers import BoundedJSONParser
from accounts.api.refusals import Wording, unsuccessful
from accounts.api.schema import refusals, wrapped
from accounts.api.views import ApiView, read_body
from accounts.limits import take
from apps_registry.api.authentication import AppKeyAuthentication, asking_key
from apps_registry.models import Installation
from apps_registry.rules.storage import MOST_VALUE_UNITS
from apps_registry.services import forget_text, forget_texts, store_texts
from apps_registry.storage_selectors import get_installation, stored_texts


class StorageParser(BoundedJSONParser):
    """Takes all that may be stored at once: texts that are JSON themselves nearly double when they are sent."""

    most_bytes: ClassVar[int] = 3 * 1024 * 1024


@extend_schema_field({"type": "string", "maxLength": MOST_VALUE_UNITS})
class TextField(serializers.Field[Any, Any, Any, Any]):
    """A text, to the letter; the service says which are stored."""

    def to_internal_value(self, data: object) -> object:
        return data


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class TextsField(serializers.Field[Any, Any, Any, Any]):
    """Texts by key; the service says which are stored."""

    def to_internal_value(self, data: object) -> dict[str, object]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Send an object of texts.")
        return data

    def to_representation(self, value: dict[str, str]) -> dict[str, str]:
        return value


class StoredValueSerializer(serializers.Serializer[Any]):
    """One text."""

    value = TextField()


class StoreTextsSerializer(serializers.Serializer[Any]):
    """What to store."""

    # Not a field of the class: Serializer has a property of that name.
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"data": TextsField()}


class StoredTextsSerializer(StoreTextsSerializer):
    """All that is stored."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"success": serializers.BooleanField(default=True), **super().get_fields()}


class StorageDoneSerializer(serializers.Serializer[Any]):
    """It is done."""

    success = serializers.BooleanField(default=True)
    message = serializers.CharField()


class StorageView(ApiView):
    """An endpoint about what the asking app stored for one of its users."""

    authentication_classes = (AppKeyAuthentication,)
    parser_classes = (StorageParser,)
    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    def installation(self, request: Request, user_id: str) -> Installation:
        """Return the installation a request is about, counting the request; raise NotInstalled, TooManyRequests."""
        found = get_installation(asking_key(request).app_id, user_id)
        take("storage", found.pk)
        return found


class AllTextsView(StorageView):
    """All an app stored for a user."""

    @extend_schema(responses={200: StoredTextsSerializer, **refusals(403, 429)})
    def get(self, request: Request, user_id: str) -> Response:
        """Return all your app stored for a user."""
        return Response({"success": True, "data": stored_texts(self.installation(request, user_id))})

    @extend_schema(
        request=StoreTextsSerializer,
        responses={200: StorageDoneSerializer, **refusals(400, 403, 413, 429)},
    )
    def put(self, request: Request, user_id: str) -> Response:
        """Store texts for a user, all or none of them; what has another key stays.

        A session of the app is not needed.
        """
        installation = self.installation(request, user_id)
        count = store_texts(installation=installation, texts=read_body(StoreTextsSerializer, request)["data"])
        return _done(f"Stored {count} {'value' if count == 1 else 'values'}.")

    @extend_schema(responses={200: StorageDoneSerializer, **refusals(403, 429)})
    def delete(self, request: Request, user_id: str) -> Response:
        """Delete all your app stored for a user."""
        forget_texts(installation=self.installation(request, user_id))
        return _done("Nothing is stored any more.")


class TextView(StorageView):
    """One text an app stored for a user."""

    @extend_schema(responses={200: wrapped(StoredValueSerializer), **refusals(403, 404, 429)})
    def get(self, request: Request, user_id: str, key: str) -> Response:
        """Return what your app stored for a user under a key."""
        value = stored_texts(self.installation(request, user_id)).get(key)
        if value is None:
            raise _nothing()
        return Response({"success": True, "data": {"value": value}})

    @extend_schema(
        request=StoredValueSerializer,
        responses={200: StorageDoneSerializer, **refusals(400, 403, 413, 429)},
    )
    def put(self, request: Request, user_id: str, key: str) -> Response:
        """Store a text for a user under a key."""
        installation = self.installation(request, user_id)
        store_texts(
            installation=installation, texts={key: read_body(StoredValueSerializer, request)["value"]}
        )
        return _done("Stored 1 value.")

    @extend_schema(responses={200: StorageDoneSerializer, **refusals(403, 404, 429)})
    def delete(self, request: Request, user_id: str, key: str) -> Response:
        """Delete what your app stored for a user under a key."""
        if not forget_text(installation=self.installation(request, user_id), key=key):
            raise _nothing()
        return _done("Deleted 1 value.")


def _done(message: str) -> Response:
    return Response({"success": True, "message": message})


def _nothing() -> NotFound:
    return NotFound("Nothing is stored under this key.")
