"""What system apps do for their users: list, start and stop their apps, and call their tools (rest §6)."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.refusals import Wording, unsuccessful
from accounts.api.schema import UnsuccessfulSerializer, refusals, wrapped
from accounts.api.views import ApiView, asking_user, read_body
from accounts.models import User
from apps_registry.api.system_apps import SYSTEM_APP_PARAMETERS, SystemAppAuthentication
from apps_registry.rules.apps import MAX_PACKAGE_NAME_CHARACTERS
from apps_registry.store import installed_apps
from apps_registry.tool_selectors import get_installed_app, list_tools_of_installed
from consoles.api.apps_wire import MOST_APPS
from consoles.api.running_wire import RunningAppSerializer, with_their_state
from sessions_app.api.app_starts import NOT_RUNNING, start_app_of, status_of_start, stop_app_of
from sessions_app.api.tools import (
    MOST_ID_CHARACTERS,
    InstalledToolSerializer,
    ParametersField,
    ToolSerializer,
    refuse_tool,
)
from sessions_app.api.views import NoSessionSerializer, answer_no_session
from sessions_app.app_runs.tool_calls import call_tool
from sessions_app.errors import OwnerUnreachable, SessionAbsent, ToolFailed
from sessions_app.outbound.commands import Reply
from sessions_app.protocol.codes import StopReason


class SaidSerializer(serializers.Serializer[Any]):
    """It is done."""

    success = serializers.BooleanField(default=True)
    message = serializers.CharField()


class ReplySerializer(serializers.Serializer[Any]):
    """What the app answered."""

    success = serializers.BooleanField(default=True)

    # Not a field of the class: Serializer has a property of that name.
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "data": serializers.JSONField()}


class FailedSerializer(UnsuccessfulSerializer):
    """What failed, and at which hop."""

    code = serializers.CharField(required=False, help_text="TIMEOUT, UNREACHABLE, BAD_ANSWER, WEBHOOK, …")


class InvocationSerializer(serializers.Serializer[Any]):
    """Which tool of which app to call, and with what."""

    targetPackageName = serializers.CharField(max_length=MAX_PACKAGE_NAME_CHARACTERS)
    toolId = serializers.CharField(max_length=MOST_ID_CHARACTERS)
    parameters = ParametersField(required=False)


class ToolOrderSerializer(serializers.Serializer[Any]):
    """Which tool to call, and with what."""

    toolId = serializers.CharField(max_length=MOST_ID_CHARACTERS)
    toolParameters = ParametersField(required=False)


_WHO: dict[str, Any] = {"parameters": list(SYSTEM_APP_PARAMETERS)}
_FAILED = {
    code: OpenApiResponse(FailedSerializer, "The app failed, or its server; `code` says at which hop.")
    for code in (502, 504)
}
_OF_STARTS = {
    409: OpenApiResponse(FailedSerializer, "The glasses lack what the app needs."),
    503: NoSessionSerializer,
    **_FAILED,
}


class SystemAppView(ApiView):
    """An endpoint for system apps."""

    authentication_classes = (SystemAppAuthentication,)
    wording: ClassVar[Wording] = staticmethod(unsuccessful)


class SystemAppsView(SystemAppView):
    """The apps of a user."""

    @extend_schema(**_WHO, responses={200: wrapped(RunningAppSerializer, many=True), **refusals(400, 403)})
    def get(self, request: Request) -> Response:
        """List the apps the user installed, and which of them run."""
        user = asking_user(request)
        shown = with_their_state(installed_apps(user)[:MOST_APPS], user)
        return Response({"success": True, "data": shown})


class StartView(SystemAppView):
    """Starting an app."""

    @extend_schema(
        **_WHO, request=None, responses={200: SaidSerializer, **_OF_STARTS, **refusals(400, 403, 404)}
    )
    def post(self, request: Request, package: str) -> Response:
        """Start an app the user installed; answers when it runs."""
        user = asking_user(request)
        get_installed_app(user, package)
        return _carry_out(partial(start_app_of, user.pk, package), "App started successfully")


class StopView(SystemAppView):
    """Stopping an app."""

    @extend_schema(
        **_WHO,
        request=None,
        responses={200: SaidSerializer, 503: NoSessionSerializer, **refusals(400, 403, 404)},
    )
    def post(self, request: Request, package: str) -> Response:
        """Stop an app of the user; one that does not run is stopped already."""
        user = asking_user(request)
        get_installed_app(user, package)
        stop = partial(stop_app_of, user.pk, package, StopReason.SYSTEM_STOP)
        return _carry_out(stop, "App stopped successfully")


class SystemToolsView(SystemAppView):
    """The tools of all apps of a user."""

    @extend_schema(**_WHO, responses={200: wrapped(InstalledToolSerializer, many=True), **refusals(400, 403)})
    def get(self, request: Request) -> Response:
        """List the tools of all apps the user installed."""
        return Response({"success": True, "data": list_tools_of_installed(asking_user(request))})


class SystemAppToolsView(SystemAppView):
    """The tools of one app of a user."""

    @extend_schema(**_WHO, responses={200: wrapped(ToolSerializer, many=True), **refusals(400, 403, 404)})
    def get(self, request: Request, package: str) -> Response:
        """List the tools of an app the user installed."""
        return Response({"success": True, "data": get_installed_app(asking_user(request), package).tools})


class SystemToolView(SystemAppView):
    """Calling a tool of one app."""

    @extend_schema(
        **_WHO,
        request=ToolOrderSerializer,
        responses={200: ReplySerializer, **_FAILED, **refusals(400, 403, 404, 429)},
    )
    def post(self, request: Request, package: str) -> Response:
        """Call a tool of an app the user installed."""
        said = read_body(ToolOrderSerializer, request)
        return _call(asking_user(request), package, said["toolId"], said.get("toolParameters"))


class InvokeToolView(SystemAppView):
    """Calling a tool of any app."""

    @extend_schema(
        **_WHO,
        request=InvocationSerializer,
        responses={200: ReplySerializer, **_FAILED, **refusals(400, 403, 404, 429)},
    )
    def post(self, request: Request) -> Response:
        """Call a tool of an app the user installed, named in the body."""
        said = read_body(InvocationSerializer, request)
        return _call(asking_user(request), said["targetPackageName"], said["toolId"], said.get("parameters"))


def _carry_out(work: Callable[[], Reply], done: str) -> Response:
    try:
        return _answer(work(), done)
    except (SessionAbsent, OwnerUnreachable) as problem:
        return answer_no_session(problem)


def _answer(reply: Reply, done: str) -> Response:
    if reply.ok or reply.code == NOT_RUNNING:
        return Response({"success": True, "message": done if reply.ok else "App is not running"})
    body = {**unsuccessful(reply.message), "code": reply.code}
    return Response(body, status_of_start(reply))


def _call(user: User, package: str, tool_id: str, parameters: dict[str, Any] | None) -> Response:
    """Call a tool; an error of the app's own comes with its status, and with its sentence as `error`."""
    try:
        answer = call_tool(user=user, package=package, tool_id=tool_id, parameters=parameters or {})
    except ToolFailed as failure:
        return refuse_tool(failure, unsuccessful)
    if answer.status < status.HTTP_400_BAD_REQUEST:
        return Response({"success": True, "data": answer.body})
    told = answer.body.get("message") if isinstance(answer.body, dict) else None
    said = told if isinstance(told, str) else f"The app answered HTTP {answer.status}."
    return Response({**unsuccessful(said), "code": "APP_ERROR", "data": answer.body}, answer.status)
