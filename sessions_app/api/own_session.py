"""Whether a phone's session is well, and its end by logging out (rest §2)."""

from contextlib import suppress
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import DoneSerializer
from accounts.api.views import asking_user
from accounts.models import User
from sessions_app.api.views import PhoneView, ask_own_session
from sessions_app.errors import OwnershipLost, OwnerUnreachable, SessionAbsent
from sessions_app.lifecycle.services import end_soon
from sessions_app.outbound.commands import CheckPhone, SayGoodbye
from sessions_app.selectors import find_live_session
from sessions_app.states import SessionId, SessionRef

UNWELL = "NO_ACTIVE_SESSION_OR_WEBSOCKET"


class HealthySerializer(serializers.Serializer[Any]):
    """There is a session, and the phone's socket is open."""

    healthy = serializers.BooleanField(default=True)


class UnwellSerializer(serializers.Serializer[Any]):
    """There is no session or no socket; the phone connects its socket anew."""

    error = serializers.CharField(default=UNWELL)
    message = serializers.CharField()


class SessionHealthView(PhoneView):
    """How one's own session is."""

    @extend_schema(responses={200: HealthySerializer, 503: UnwellSerializer})
    def get(self, request: Request) -> Response:
        """Ask whether your session lives and its phone's socket is open, on whatever node."""
        try:
            reply = ask_own_session(asking_user(request), CheckPhone())
            problem = "" if reply.ok else reply.message
        except (SessionAbsent, OwnerUnreachable) as absence:
            problem = str(absence)
        if problem:
            body = {"error": UNWELL, "message": f"{problem}. Connect the phone's socket."}
            return Response(body, status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response({"healthy": True})


class GoodbyeView(PhoneView):
    """The end of one's own session."""

    @extend_schema(request=None, responses={200: DoneSerializer})
    def post(self, request: Request) -> Response:
        """Say goodbye: the phone's socket is closed, and the session ends unless a new one comes within 5 s.

        Done also where there is no session.
        """
        user = asking_user(request)
        try:
            ask_own_session(user, SayGoodbye())
        except (SessionAbsent, OwnerUnreachable):
            _end_without_owner(user)
        return Response({"success": True})


def _end_without_owner(user: User) -> None:
    session = find_live_session(user.pk)
    if session is None:
        return
    ref = SessionRef(SessionId(str(session.pk)), user.email, user.pk, session.generation)
    # Whoever took the session meanwhile did so for a new socket.
    with suppress(OwnershipLost):
        end_soon(ref=ref, now=timezone.now())
