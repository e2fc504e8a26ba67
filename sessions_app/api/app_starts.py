"""Starting and stopping apps by REST, at whatever node: the answer tells what became of it (rest §4, P-15)."""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status

from sessions_app.api.views import NO_SESSION, NoSessionSerializer
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound.commands import AnyCommand, Reply, StartApp, StopApp
from sessions_app.outbound.owner import ask_session_of
from sessions_app.protocol.codes import StopReason

# What comes before an app is called: another one makes way, a goodbye of the last session is waited for.
BEFORE_START_SECONDS = 15.0
STOP_SECONDS = 10.0
NOT_RUNNING = "NOT_RUNNING"
_STATUSES: Mapping[str, int] = {
    "HARDWARE_CHECK": status.HTTP_409_CONFLICT,
    "NOT_FOUND": status.HTTP_404_NOT_FOUND,
    "DEPRECATED": status.HTTP_404_NOT_FOUND,
    "TIMEOUT": status.HTTP_504_GATEWAY_TIMEOUT,
}


class FailedStageSerializer(serializers.Serializer[Any]):
    """Where a start failed (lifecycle §5)."""

    stage = serializers.CharField(
        help_text="WEBHOOK, CONNECTION, AUTHENTICATION, TIMEOUT, HARDWARE_CHECK, NOT_FOUND or DEPRECATED."
    )
    message = serializers.CharField(help_text="A plain sentence.")


class StartFailedSerializer(serializers.Serializer[Any]):
    """Why an app did not start."""

    success = serializers.BooleanField(default=False)
    message = serializers.CharField(help_text="A plain sentence.")
    error = FailedStageSerializer(required=False)


START_REFUSALS: Mapping[int, Any] = {
    404: OpenApiResponse(StartFailedSerializer, "There is no such app, or it is not installed."),
    409: OpenApiResponse(StartFailedSerializer, "The glasses lack what the app needs."),
    502: OpenApiResponse(StartFailedSerializer, "The app's server failed; `error.stage` says where."),
    503: NoSessionSerializer,
    504: OpenApiResponse(StartFailedSerializer, "The app did not connect in time."),
}


def start_app_of(user_pk: int, package_name: str) -> Reply:
    """Have an app run in somebody's live session; blocking, until it runs or failed.

    Who asks for an app that is being started already gets the same answer. Raises SessionAbsent, OwnerUnreachable.
    """
    seconds = settings.APP_START_TIMEOUT_SECONDS + BEFORE_START_SECONDS
    began = time.monotonic()
    try:
        return _ask(user_pk, StartApp(package_name), seconds)
    except OwnerUnreachable:
        if time.monotonic() - began < seconds:
            raise
        return Reply(ok=False, code="TIMEOUT", message=f"Nothing was heard of the app within {seconds:.0f} s")


def stop_app_of(user_pk: int, package_name: str, reason: StopReason) -> Reply:
    """Have an app of somebody stop; one that does not run replies NOT_RUNNING. Raises as start_app_of does."""
    return _ask(user_pk, StopApp(package_name, reason), STOP_SECONDS)


def status_of_start(reply: Reply) -> int:
    """Return the HTTP status of a start that failed at the stage `reply.code`."""
    return _STATUSES.get(reply.code, status.HTTP_502_BAD_GATEWAY)


def _ask(user_pk: int, command: AnyCommand, seconds: float) -> Reply:
    reply = ask_session_of(user_pk, command, seconds)
    if reply.code == NO_SESSION:
        raise SessionAbsent(reply.message)
    return reply
