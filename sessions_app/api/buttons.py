"""A button of the glasses that no app cares about takes a photo for its wearer (media.md §1.6)."""

from typing import Any, ClassVar
from uuid import uuid4

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.refusals import Wording, without_success
from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from accounts.limits import take
from sessions_app.api.views import NoSessionSerializer, PhoneView, answer_no_session, ask_own_session
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.media.awaiting import Kind, await_photo, find_request
from sessions_app.outbound.commands import FindListener
from sessions_app.protocol.streams import StreamName

TAKE_PHOTO = "take_photo"


class PressSerializer(serializers.Serializer[Any]):
    """A button that was pressed."""

    buttonId = serializers.CharField(max_length=100)
    pressType = serializers.CharField(max_length=100)


class PressedSerializer(serializers.Serializer[Any]):
    """What to do now: with `action` "take_photo", take one and upload it with this `requestId`.

    The upload may carry `uploadToken` in place of a core token.
    """

    success = serializers.BooleanField(default=True)
    action = serializers.CharField(required=False)
    requestId = serializers.CharField(required=False)
    uploadToken = serializers.CharField(required=False)


class PressView(PhoneView):
    """A button of one's glasses."""

    @extend_schema(
        request=PressSerializer,
        responses={200: PressedSerializer, 503: NoSessionSerializer, **refusals(400, 429)},
    )
    def post(self, request: Request) -> Response:
        """Ask what a press of a button means when no app listens to buttons.

        Apps that do are told by the phone's socket.
        """
        read_body(PressSerializer, request)
        user = asking_user(request)
        try:
            heard = ask_own_session(user, FindListener(StreamName.BUTTON_PRESS))
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        if heard.ok:
            return Response({"success": True})
        take("photo", user.pk)
        request_id = f"photo_sys_{uuid4()}"
        token = await_photo(user_pk=user.pk, kind=Kind.BUTTON, request_id=request_id, in_gallery=True)
        answer = {"action": TAKE_PHOTO, "requestId": request_id, "uploadToken": token}
        return Response({"success": True, **answer})


class SystemPhotoView(PhoneView):
    """A photo that a button asked for."""

    wording: ClassVar[Wording] = staticmethod(without_success)

    @extend_schema(responses={200: PressedSerializer, **refusals(404)})
    def get(self, request: Request, request_id: str) -> Response:
        """Ask whether such a photo is still to be taken."""
        awaited = find_request(asking_user(request).pk, Kind.BUTTON, request_id)
        if awaited is None or awaited.settled_at is not None or awaited.expires_at <= timezone.now():
            raise NotFound("Photo request not found")
        return Response({"success": True, "action": TAKE_PHOTO})
