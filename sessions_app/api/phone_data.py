"""Calendar, position and notifications of a phone, by REST as by its socket (rest §2, glasses-socket §4.2 and §4.3)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from sessions_app.api.phone_shapes import (
    CalendarSerializer,
    DismissedSerializer,
    LocationSerializer,
    NotificationSerializer,
    position_of,
    read_event,
)
from sessions_app.api.views import (
    NoSessionSerializer,
    PhoneView,
    answer_no_session,
    ask_own_session,
    timestamp,
)
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound.commands import Reply, TakeFrames
from sessions_app.protocol.streams import StreamName

MOST_EVENTS = 1000


class HeardSerializer(serializers.Serializer[Any]):
    """It was heard, and passed on to the apps that asked for it."""

    success = serializers.BooleanField(default=True)
    timestamp = serializers.DateTimeField()


class PollAnsweredSerializer(HeardSerializer):
    """Also whether an app still waited for this answer."""

    resolved = serializers.BooleanField()


class SayingView(PhoneView):
    """The base of what a phone says by REST."""

    def say(self, request: Request, messages: Iterable[Mapping[str, Any]]) -> Reply:
        """Have the owner of the session take messages in the words of the socket.

        Raises SessionAbsent or OwnerUnreachable, and ParseError for what the socket would not take either.
        """
        reply = ask_own_session(asking_user(request), TakeFrames([json.dumps(each) for each in messages]))
        if reply.code == "MALFORMED_MESSAGE":
            raise ParseError(reply.message)
        return reply

    def answer(self, request: Request, messages: Iterable[Mapping[str, Any]]) -> Response:
        """Do the same and answer that it was heard, or 503."""
        try:
            self.say(request, messages)
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        return Response({"success": True, "timestamp": timestamp()})


class CalendarView(SayingView):
    """One's calendar."""

    @extend_schema(
        request=CalendarSerializer,
        responses={200: HeardSerializer, 503: NoSessionSerializer, **refusals(400)},
    )
    def post(self, request: Request) -> Response:
        """Report entries of the phone's calendar, at most 1000 at once; one of a known id takes its place."""
        events = request.data.get("events") if isinstance(request.data, Mapping) else None
        if not isinstance(events, list):
            raise ParseError("events array required")
        if len(events) > MOST_EVENTS:
            raise ParseError(f"events: Send at most {MOST_EVENTS} at once.")
        messages = [read_event(event, f"events.{place}") for place, event in enumerate(events)]
        return self.answer(request, messages)


class LocationView(SayingView):
    """Where one is."""

    @extend_schema(
        request=LocationSerializer,
        responses={200: HeardSerializer, 503: NoSessionSerializer, **refusals(400)},
    )
    def post(self, request: Request) -> Response:
        """Report where the phone is."""
        return self.answer(request, [position_of(read_body(LocationSerializer, request))])


class PollResponseView(SayingView):
    """Where one is, because an app asked."""

    @extend_schema(
        request=LocationSerializer,
        responses={200: PollAnsweredSerializer, 503: NoSessionSerializer, **refusals(400)},
    )
    def post(self, request: Request, correlation_id: str) -> Response:
        """Answer a request_single_location; `resolved` is false when nobody waits for it any more."""
        said = position_of(read_body(LocationSerializer, request))
        try:
            reply = self.say(request, [{**said, "correlationId": correlation_id}])
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        return Response({"success": True, "resolved": reply.ok, "timestamp": timestamp()})


class NotificationView(SayingView):
    """A notification of one's phone."""

    @extend_schema(
        request=NotificationSerializer,
        responses={200: HeardSerializer, 503: NoSessionSerializer, **refusals(400)},
    )
    def post(self, request: Request) -> Response:
        """Report a notification that appeared."""
        said = read_body(NotificationSerializer, request)
        return self.answer(request, [{"type": StreamName.PHONE_NOTIFICATION.value, **said}])


class DismissedView(SayingView):
    """A notification of one's phone that is gone."""

    @extend_schema(
        request=DismissedSerializer,
        responses={200: HeardSerializer, 503: NoSessionSerializer, **refusals(400)},
    )
    def post(self, request: Request) -> Response:
        """Report that a notification disappeared. What it said is added from when it appeared."""
        said = read_body(DismissedSerializer, request)
        return self.answer(request, [{"type": StreamName.PHONE_NOTIFICATION_DISMISSED.value, **said}])
