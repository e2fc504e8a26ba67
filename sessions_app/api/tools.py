"""Tools of apps, for the person who has them and for system apps that ask for them (rest §4.2)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import BearerAuthentication, CoreAuthentication
from accounts.api.refusals import Wording, flagged_error
from accounts.api.schema import FlaggedErrorSerializer, refusals
from accounts.api.views import ApiView, asking_user, read_body
from accounts.rules import json_size
from apps_registry.api.system_apps import SYSTEM_APP_PARAMETERS, SystemAppIfShown
from apps_registry.tool_selectors import list_tools, list_tools_of_installed
from sessions_app.app_runs.tool_calls import ToolAnswer, call_tool
from sessions_app.errors import ToolFailed

MOST_ID_CHARACTERS = 200
MOST_ADDRESS_CHARACTERS = 254
_STATUS: Mapping[str, int] = {"TIMEOUT": status.HTTP_504_GATEWAY_TIMEOUT}


@extend_schema_field({"type": "object", "additionalProperties": True})
class ParametersField(serializers.JSONField):
    """Values by the name of a parameter, as the app that declares the tool takes them."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Send an object of named values.")
        try:
            json_size(data)
        except ValueError as problem:
            raise serializers.ValidationError(f"This cannot be sent: {problem}") from problem
        return data


class ToolSerializer(serializers.Serializer[Any]):
    """Something an app can be called for; `parameters` are described by name."""

    id = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    activationPhrases = serializers.ListField(child=serializers.CharField(), required=False)
    parameters = serializers.DictField(required=False)


class InstalledToolSerializer(ToolSerializer):
    """The same, and whose it is."""

    appPackageName = serializers.CharField()


class ToolCallSerializer(serializers.Serializer[Any]):
    """Which tool to call, for whom, and with what."""

    toolId = serializers.CharField(max_length=MOST_ID_CHARACTERS)
    toolParameters = ParametersField(required=False)
    userId = serializers.CharField(max_length=MOST_ADDRESS_CHARACTERS)


TOOL_ANSWERS: dict[int, Any] = {
    200: OpenApiResponse(
        {"type": "object"}, "What the app answered; its own errors come with its own status."
    ),
    502: OpenApiResponse(
        FlaggedErrorSerializer, "The app's server could not be called, or answered no JSON."
    ),
    504: OpenApiResponse(FlaggedErrorSerializer, "The app's server did not answer within 25 s."),
}


class ToolView(ApiView):
    """An endpoint about tools."""

    authentication_classes: Sequence[type[BearerAuthentication]] = (CoreAuthentication,)
    wording: ClassVar[Wording] = staticmethod(flagged_error)


class AppToolsView(ToolView):
    """What one app can be called for."""

    @extend_schema(responses={200: ToolSerializer(many=True), **refusals(404)})
    def get(self, request: Request, package: str) -> Response:
        """List the tools of an app you have or could install."""
        return Response(list_tools(asking_user(request), package))


class UserToolsView(ToolView):
    """What all of one's apps can be called for."""

    @extend_schema(responses={200: InstalledToolSerializer(many=True), **refusals(403)})
    def get(self, request: Request, user_id: str) -> Response:
        """List the tools of all apps you installed."""
        user = asking_user(request)
        if user_id.lower() != user.email:
            raise PermissionDenied("You may list your own tools only.")
        return Response(list_tools_of_installed(user))


class CallToolView(ToolView):
    """Calling a tool."""

    authentication_classes = (SystemAppIfShown, CoreAuthentication)

    @extend_schema(
        parameters=list(SYSTEM_APP_PARAMETERS),
        request=ToolCallSerializer,
        responses={**TOOL_ANSWERS, **refusals(400, 403, 404, 429)},
    )
    def post(self, request: Request, package: str) -> Response:
        """Call a tool of an app you installed, and get what the app answers, its status included.

        The app need not run. System apps call with their API key, for people who have both apps.
        """
        user = asking_user(request)
        said = read_body(ToolCallSerializer, request)
        if said["userId"].lower() != user.email:
            raise PermissionDenied("You may call tools for yourself only.")
        try:
            answer = call_tool(
                user=user,
                package=package,
                tool_id=said["toolId"],
                parameters=said.get("toolParameters", {}),
            )
        except ToolFailed as failure:
            return refuse_tool(failure, flagged_error)
        return pass_on(answer)


def pass_on(answer: ToolAnswer) -> Response:
    """Return what an app answered, as it is."""
    return Response(answer.body, answer.status)


def refuse_tool(failure: ToolFailed, wording: Wording) -> Response:
    """Return that an app gave no answer, and at which hop it failed."""
    body = {**wording(failure.message), "code": failure.code}
    return Response(body, _STATUS.get(failure.code, status.HTTP_502_BAD_GATEWAY))
