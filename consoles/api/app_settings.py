"""What a person chose in the settings of their apps (rest §4.1)."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication
from accounts.api.refusals import Wording, without_success
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user
from accounts.limits import take
from accounts.models import User
from apps_registry.api.authentication import AppKeyIfShown
from apps_registry.errors import NotInstalled, SettingRefused
from apps_registry.models import ApiKey, App
from apps_registry.rules import selected_settings
from apps_registry.selectors import get_app, is_installed, merged_settings, setting_values
from apps_registry.services import save_settings
from apps_registry.storage_selectors import get_installation
from consoles.api.apps_wire import ObjectsField, PermissionSerializer, declared
from consoles.api.store import offered
from consoles.api.store_wire import InstalledSerializer
from sessions_app.api.app_sessions import AppSessionAuthentication

_VALUE = {"type": "object", "properties": {"key": {"type": "string"}, "value": {}}, "required": ["key"]}
_VALUES = {"application/json": {"oneOf": [{"type": "array", "items": _VALUE}, _VALUE]}}


class OwnerSerializer(serializers.Serializer[Any]):
    """Whose app it is."""

    id = serializers.CharField(source="pk")
    name = serializers.CharField()
    website = serializers.CharField()
    contactEmail = serializers.CharField(source="contact_email")
    logoUrl = serializers.CharField(source="logo_url")


class AppSettingsSerializer(serializers.Serializer[Any]):
    """An app's settings as a phone shows them; entries that have a key have what is `selected`."""

    success = serializers.BooleanField(default=True)
    userId = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    uninstallable = serializers.BooleanField(help_text="Whether it can be uninstalled.")
    webviewURL = serializers.CharField()
    version = serializers.CharField()
    settings = ObjectsField()
    permissions = PermissionSerializer(many=True)
    organization = OwnerSerializer()


class ValuesSerializer(serializers.Serializer[Any]):
    """An app's settings, each with its definition, as its socket tells them."""

    success = serializers.BooleanField(default=True)
    settings = ObjectsField()


class SettingRefusedSerializer(serializers.Serializer[Any]):
    """Why nothing was stored."""

    success = serializers.BooleanField(default=False)
    message = serializers.CharField(help_text="A plain sentence.")
    code = serializers.CharField(
        required=False, help_text="INVALID_SETTING_VALUE: the value does not fit its definition."
    )
    key = serializers.CharField(required=False, help_text="Of which setting.")


class SettingsView(ApiView):
    """An endpoint about settings of apps."""

    wording: ClassVar[Wording] = staticmethod(without_success)


class AppSettingsView(SettingsView):
    """The settings of one's app."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(responses={200: AppSettingsSerializer, **refusals(404)})
    def get(self, request: Request, package: str) -> Response:
        """Read what an app lets you set, and what you chose."""
        user = asking_user(request)
        return Response(AppSettingsSerializer(_shown(offered(package, user), user)).data)

    @extend_schema(
        request=_VALUES,
        responses={
            200: InstalledSerializer,
            400: OpenApiResponse(SettingRefusedSerializer, "A value that is not taken; nothing was stored."),
            **refusals(403, 404, 429),
        },
    )
    def post(self, request: Request, package: str) -> Response:
        """Choose settings of an app you installed, all or none of them: a list of keys and values, or one of them.

        Keys that are not named stay; null goes back to the default. An app that runs is told at once.
        """
        user, app = asking_user(request), get_app(package)
        if not is_installed(user.pk, package):
            raise NotInstalled
        take("app_settings", user.pk)
        try:
            save_settings(user=user, app=app, changes=request.data)
        except SettingRefused as refusal:
            return Response(
                {**without_success(refusal.message), "code": refusal.code, "key": refusal.key}, 400
            )
        return Response({"success": True, "message": "Settings updated successfully"})


class SettingsForServerView(SettingsView):
    """The settings of one's user."""

    authentication_classes = (AppKeyIfShown, AppSessionAuthentication)

    @extend_schema(
        parameters=[
            OpenApiParameter("userId", str, description="Whose settings, where the app shows its key.")
        ],
        responses={200: ValuesSerializer, **refusals(400, 403, 429)},
    )
    def get(self, request: Request, package: str) -> Response:
        """Read what a user of your app chose.

        With the id of the app's running session, as SDKs do it, or with an API key of the app and `userId`.
        """
        user = _user_of_app(request, package)
        return Response({"success": True, "settings": merged_settings(user, package)})


def _user_of_app(request: Request, package: str) -> User:
    """Return whose settings an app may read; raise PermissionDenied, NotInstalled, ValidationError, TooManyRequests."""
    if isinstance(request.auth, ApiKey):
        if request.auth.app.package_name != package:
            raise PermissionDenied("The key is another app's.")
        user_id = request.query_params.get("userId", "")
        if not user_id:
            raise ValidationError("Say with userId whose settings.")
        user = get_installation(request.auth.app_id, user_id).user
    else:
        user = asking_user(request)
    take("settings_read", f"{user.pk}:{package}")
    return user


def _shown(app: App, user: User) -> dict[str, Any]:
    return {
        "userId": user.email,
        "name": app.name,
        "description": app.description,
        "uninstallable": True,
        "webviewURL": app.webview_url,
        "version": str(app.version),
        "settings": selected_settings(app.settings_definitions, setting_values(user, app.package_name)),
        "permissions": [declared(row, "type") for row in app.permissions.all()],
        "organization": app.organization,
    }
