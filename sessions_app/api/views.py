"""The base of endpoints that concern the live session of whoever asks, on whatever node that is (rest §1)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.api.authentication import BearerAuthentication, CoreAuthentication
from accounts.api.views import ApiView
from accounts.models import User
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound.commands import AnyCommand, Reply
from sessions_app.outbound.owner import ask_session_of
from sessions_app.protocol.codec import iso

NO_SESSION = "NO_ACTIVE_SESSION"


class NoSessionSerializer(serializers.Serializer[Any]):
    """There is no session to ask; a phone connects its socket anew and repeats its request once."""

    error = serializers.CharField(default=NO_SESSION)
    message = serializers.CharField()


class PhoneView(ApiView):
    """An endpoint for the core token of a phone."""

    authentication_classes: Sequence[type[BearerAuthentication]] = (CoreAuthentication,)


def ask_own_session(user: User, command: AnyCommand) -> Reply:
    """Have the owner of the user's live session carry out `command`; blocking, at most five seconds.

    Raises SessionAbsent when there is no session, OwnerUnreachable when its node does not answer.
    """
    reply = ask_session_of(user.pk, command)
    if reply.code == NO_SESSION:
        raise SessionAbsent(reply.message)
    return reply


def answer_no_session(problem: SessionAbsent | OwnerUnreachable) -> Response:
    """Return the answer a phone reconnects on; 503, never 401 (rest §1)."""
    body = {"error": NO_SESSION, "message": f"{problem}. Connect the phone's socket and try again."}
    return Response(body, status.HTTP_503_SERVICE_UNAVAILABLE)


def timestamp() -> str:
    """Return now as answers to phones carry it."""
    return iso(datetime.now(UTC))
