"""Settings of the system, which a person's phones keep here (rest §2)."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals, wrapped
from accounts.api.views import asking_user, read_body
from accounts.limits import take
from accounts.models import User
from accounts.rules import to_snake_case
from accounts.services import update_user_settings
from sessions_app.api.views import PhoneView, timestamp

MOST_KEY_CHARACTERS = 200


@extend_schema_field({"type": "object", "additionalProperties": True})
class SettingsField(serializers.JSONField):
    """An object of names and values."""


class SettingsSerializer(serializers.Serializer[Any]):
    """Settings by name."""

    settings = SettingsField()


class ValueSerializer(serializers.Serializer[Any]):
    """The value of one setting; null forgets it."""

    value = serializers.JSONField(allow_null=True)


class FoundSerializer(ValueSerializer):
    """One setting as it is stored; `value` is null when it is not."""

    key = serializers.CharField()
    exists = serializers.BooleanField()


class KeptSerializer(ValueSerializer):
    """One setting as it is stored now."""

    key = serializers.CharField()


class ForgottenSerializer(serializers.Serializer[Any]):
    """It is not stored any more, if it ever was."""

    key = serializers.CharField()
    deleted = serializers.BooleanField(default=True)


_ALL = {200: wrapped(SettingsSerializer, stamped=True), **refusals(400, 429)}


class UserSettingsView(PhoneView):
    """All settings of a person."""

    @extend_schema(responses=wrapped(SettingsSerializer, stamped=True))
    def get(self, request: Request) -> Response:
        """Read the settings your phones stored."""
        return _answer({"settings": asking_user(request).settings})

    @extend_schema(request=SettingsSerializer, responses=_ALL)
    def put(self, request: Request) -> Response:
        """Store settings, all or none of them; those that are not named stay.

        A null forgets one. The phone and apps that run are told what concerns them.
        """
        return self._store(request)

    @extend_schema(request=SettingsSerializer, responses=_ALL)
    def post(self, request: Request) -> Response:
        """Store settings, as PUT does."""
        return self._store(request)

    def _store(self, request: Request) -> Response:
        said = request.data.get("settings") if isinstance(request.data, Mapping) else None
        if not isinstance(said, Mapping):
            raise ValidationError("Settings object required")
        user = _store(asking_user(request), said)
        return _answer({"settings": user.settings})


class UserSettingView(PhoneView):
    """One setting of a person."""

    @extend_schema(responses={200: wrapped(FoundSerializer, stamped=True)})
    def get(self, request: Request, key: str) -> Response:
        """Read one setting."""
        stored, name = asking_user(request).settings, to_snake_case(key)
        return _answer({"key": key, "value": stored.get(name), "exists": name in stored})

    @extend_schema(
        request=ValueSerializer, responses={200: wrapped(KeptSerializer, stamped=True), **refusals(400, 429)}
    )
    def put(self, request: Request, key: str) -> Response:
        """Store one setting."""
        value = read_body(ValueSerializer, request)["value"]
        _store(asking_user(request), {_checked(key): value})
        return _answer({"key": key, "value": value})

    @extend_schema(responses={200: wrapped(ForgottenSerializer, stamped=True), **refusals(400, 429)})
    def delete(self, request: Request, key: str) -> Response:
        """Forget one setting; what has a default has it again."""
        _store(asking_user(request), {_checked(key): None})
        return _answer({"key": key, "deleted": True})


def _checked(key: str) -> str:
    if len(key) > MOST_KEY_CHARACTERS:
        raise ValidationError(f"The name of a setting has at most {MOST_KEY_CHARACTERS} characters.")
    return key


def _store(user: User, changes: Mapping[str, Any]) -> User:
    take("user_settings", user.pk)
    update_user_settings(user=user, changes=changes)
    return user


def _answer(data: dict[str, Any]) -> Response:
    return Response({"success": True, "data": data, "timestamp": timestamp()})
