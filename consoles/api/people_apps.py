"""The apps of people (rest §2 and §4): what they have and could have, what runs, starting and stopping."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import BearerAuthentication, CoreAuthentication
from accounts.api.refusals import Wording, without_success
from accounts.api.schema import refusals, wrapped
from accounts.api.views import ApiView, asking_user
from accounts.limits import take
from apps_registry.api.system_apps import SYSTEM_APP_PARAMETERS, SystemAppIfShown
from apps_registry.models import ApiKey
from apps_registry.selectors import apps_offered_to, get_app
from apps_registry.store import installed_apps
from consoles.api.apps_wire import MOST_APPS
from consoles.api.running_wire import AppletSerializer, RunningAppSerializer, applets_of, with_their_state
from consoles.api.store import LIST, StoreView, found_for
from sessions_app.api.app_starts import (
    NOT_RUNNING,
    START_REFUSALS,
    start_app_of,
    status_of_start,
    stop_app_of,
)
from sessions_app.api.views import NoSessionSerializer, answer_no_session
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound.commands import Reply
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import StopReason

APPS = wrapped(RunningAppSerializer, many=True)
BY_SYSTEM_APPS: dict[str, Any] = {
    "parameters": list(SYSTEM_APP_PARAMETERS),
    "description": "A system app may ask for somebody who has it, with `apiKey`, `packageName` and `userId`.",
}


class RunsSerializer(serializers.Serializer[Any]):
    """What became of an app."""

    status = serializers.ChoiceField(choices=("started", "stopped"))
    isRunning = serializers.BooleanField()


class PeopleView(ApiView):
    """An endpoint about somebody's apps."""

    wording: ClassVar[Wording] = staticmethod(without_success)
    authentication_classes: Sequence[type[BearerAuthentication]] = (CoreAuthentication,)


class AppletsView(ApiView):
    """The apps on a phone."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(responses=wrapped(AppletSerializer, many=True, stamped=True))
    def get(self, request: Request) -> Response:
        """List the apps you installed as a phone shows them, longest ago first.

        At most 250.
        """
        shown = applets_of(asking_user(request), MOST_APPS)
        return Response({"success": True, "data": shown, "timestamp": iso(datetime.now(UTC))})


class MyAppsView(PeopleView):
    """What somebody has."""

    authentication_classes = (SystemAppIfShown, CoreAuthentication)

    @extend_schema(**BY_SYSTEM_APPS, responses={200: APPS, **refusals(400, 403)})
    def get(self, request: Request) -> Response:
        """List the apps you installed, whether they run, and how they fit your glasses; at most 250."""
        user = asking_user(request)
        return Response({"success": True, "data": with_their_state(installed_apps(user)[:MOST_APPS], user)})


class MyInstalledView(PeopleView):
    """What somebody has, at a name of its own."""

    @extend_schema(responses=APPS)
    def get(self, request: Request) -> Response:
        """List the apps you installed."""
        user = asking_user(request)
        return Response({"success": True, "data": with_their_state(installed_apps(user)[:MOST_APPS], user)})


class AvailableView(PeopleView):
    """What somebody has or could have."""

    @extend_schema(responses=APPS)
    def get(self, request: Request) -> Response:
        """List the apps you have or could install, by name; at most 250."""
        user = asking_user(request)
        return Response({"success": True, "data": with_their_state(apps_offered_to(user)[:MOST_APPS], user)})


class FindView(StoreView):
    """Looking for an app."""

    @extend_schema(
        parameters=[
            OpenApiParameter("query", str, required=True, description="Part of a name or description.")
        ],
        responses={**LIST, **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Search the published apps."""
        return found_for(request.query_params.get("query", ""))


class StartAppView(PeopleView):
    """Starting an app."""

    authentication_classes = (SystemAppIfShown, CoreAuthentication)

    @extend_schema(
        **BY_SYSTEM_APPS,
        request=None,
        responses={200: wrapped(RunsSerializer), **START_REFUSALS, **refusals(400, 403, 429)},
    )
    def post(self, request: Request, package: str) -> Response:
        """Start an app you installed, on the node your phone is connected to; answers when it runs or failed."""
        user = asking_user(request)
        take("start", user.pk)
        get_app(package)
        try:
            reply = start_app_of(user.pk, package)
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        return _runs() if reply.ok else _refuse(reply)


class StopAppView(PeopleView):
    """Stopping an app."""

    authentication_classes = (SystemAppIfShown, CoreAuthentication)

    @extend_schema(
        **BY_SYSTEM_APPS,
        request=None,
        responses={
            200: wrapped(RunsSerializer),
            503: NoSessionSerializer,
            **refusals(400, 403, 404, 429, 502),
        },
    )
    def post(self, request: Request, package: str) -> Response:
        """Stop an app; one that does not run is stopped already."""
        user = asking_user(request)
        take("start", user.pk)
        get_app(package)
        by_app = isinstance(request.auth, ApiKey)
        try:
            reply = stop_app_of(
                user.pk, package, StopReason.SYSTEM_STOP if by_app else StopReason.USER_DISABLED
            )
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        if not reply.ok and reply.code != NOT_RUNNING:
            return _refuse(reply)
        return Response({"success": True, "data": {"status": "stopped", "isRunning": False}})


def _runs() -> Response:
    return Response({"success": True, "data": {"status": "started", "isRunning": True}})


def _refuse(reply: Reply) -> Response:
    error = {"stage": reply.code, "message": reply.message}
    return Response({**without_success(reply.message), "error": error}, status_of_start(reply))
