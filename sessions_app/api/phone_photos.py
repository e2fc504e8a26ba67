"""What phones say and ask about photos of the glasses, beside their socket (rest §2)."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.parsers import PictureParser
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user, read_body
from accounts.limits import take
from sessions_app.api.photo_uploads import LONGEST_ID, read_picture
from sessions_app.api.upload_tokens import GlassesUploadAuthentication
from sessions_app.api.views import (
    NoSessionSerializer,
    PhoneView,
    answer_no_session,
    ask_own_session,
    timestamp,
)
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.media.awaiting import Kind, await_photo
from sessions_app.media.receiving import AlreadySettled, take_error, take_photo
from sessions_app.media.rules import PHOTO_COMPRESSIONS, PHOTO_SIZES
from sessions_app.models import AwaitedPhoto
from sessions_app.outbound.commands import PhotoOutcome, Reply, SettlePhoto, TakePhoto
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.fragments import PhotoError

# What is no matter of phone and glasses being there.
_STATUSES = {ErrorCode.CAMERA_BUSY: 409, ErrorCode.RATE_LIMITED: 429, ErrorCode.MALFORMED_MESSAGE: 400}
_ERROR_LENGTH = 300


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of a photo, as the phone would say it over its socket."""

    requestId = serializers.CharField(max_length=LONGEST_ID)
    success = serializers.BooleanField(required=False, allow_null=True, default=None)
    photoUrl = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=2000)
    savedToGallery = serializers.BooleanField(required=False, allow_null=True, default=None)
    errorCode = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100)
    errorMessage = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=1000)


class OutcomeAnswerSerializer(serializers.Serializer[Any]):
    """It was heard, also when nobody waited for it any more."""

    success = serializers.BooleanField(default=True)
    message = serializers.CharField()
    timestamp = serializers.DateTimeField()


class OutcomeView(PhoneView):
    """What became of a photo that was asked of the phone."""

    @extend_schema(
        request=OutcomeSerializer,
        responses={200: OutcomeAnswerSerializer, 503: NoSessionSerializer, **refusals(400)},
    )
    def post(self, request: Request) -> Response:
        """Say what became of a photo."""
        said = read_body(OutcomeSerializer, request)
        command = SettlePhoto(said["requestId"], _outcome(said))
        try:
            ask_own_session(asking_user(request), command)
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        return Response({"success": True, "message": "Photo response processed", "timestamp": timestamp()})


class WishSerializer(serializers.Serializer[Any]):
    """A photo for an app on the phone."""

    requestId = serializers.CharField(required=False, max_length=LONGEST_ID)
    packageName = serializers.CharField(max_length=200)
    size = serializers.ChoiceField(choices=sorted(PHOTO_SIZES), default="medium")
    compress = serializers.ChoiceField(choices=sorted(PHOTO_COMPRESSIONS), default="none")
    saveToGallery = serializers.BooleanField(default=False)
    sound = serializers.BooleanField(default=True)


class WishAnswerSerializer(serializers.Serializer[Any]):
    """The glasses were asked; the phone hears of the photo over its socket."""

    accepted = serializers.BooleanField(default=True)
    requestId = serializers.CharField()


class WishView(PhoneView):
    """Photos of the glasses for apps on the phone."""

    @extend_schema(
        request=WishSerializer,
        responses={200: WishAnswerSerializer, 503: NoSessionSerializer, **refusals(400, 409, 429)},
    )
    def post(self, request: Request) -> Response:
        """Have the glasses take a photo. 503 names what is not there: the session, the phone's socket, the glasses."""
        said = read_body(WishSerializer, request)
        user = asking_user(request)
        take("photo", user.pk)
        request_id = said.get("requestId") or f"photo_local_{uuid4()}"
        token = await_photo(
            user_pk=user.pk,
            kind=Kind.GLASSES,
            request_id=request_id,
            package_name=said["packageName"],
            in_gallery=said["saveToGallery"],
        )
        try:
            reply = ask_own_session(user, _command(said, request_id, token))
        except (SessionAbsent, OwnerUnreachable) as problem:
            return answer_no_session(problem)
        if not reply.ok:
            return _refuse(reply)
        return Response({"accepted": True, "requestId": request_id})


class PhotoFormSerializer(serializers.Serializer[Any]):
    """A photo."""

    photo = serializers.FileField(required=False)


class TakenSerializer(serializers.Serializer[Any]):
    """It is here."""

    ok = serializers.BooleanField(default=True)


class GlassesUploadView(ApiView):
    """Where the glasses bring a photo for an app on the phone."""

    parser_classes = (PictureParser,)
    authentication_classes = (GlassesUploadAuthentication,)

    @extend_schema(
        request=PhotoFormSerializer,
        parameters=[OpenApiParameter("error", str, description="Why there is no photo.")],
        responses={200: TakenSerializer, **refusals(404, 409, 503, 507)},
    )
    def post(self, request: Request, request_id: str) -> Response:
        """Bring the photo, or say why there is none; the phone is told over its socket."""
        return take_upload(request, request_id)


def take_upload(request: Request, request_id: str) -> Response:
    """Take the photo or error in a request whose token is that of an awaited photo."""
    awaited = request.auth
    if not isinstance(awaited, AwaitedPhoto) or awaited.request_id != request_id:
        raise NotFound("not_found")
    error = request.query_params.get("error", "")[:_ERROR_LENGTH]
    try:
        if error:
            take_error(awaited, error, error)
        else:
            file = read_body(PhotoFormSerializer, request).get("photo")
            if file is None:
                raise ParseError("There is no photo.")
            take_photo(awaited, read_picture(file))
    except AlreadySettled:
        return Response({"error": "already_resolved"}, status.HTTP_409_CONFLICT)
    return Response({"ok": True})


def _outcome(said: dict[str, Any]) -> PhotoOutcome:
    error = None
    if said["success"] is False or said.get("errorCode"):
        code = said.get("errorCode") or "UNKNOWN_ERROR"
        error = PhotoError(code=code, message=said.get("errorMessage") or code)
    return PhotoOutcome(
        photo_url=said.get("photoUrl") or "", saved_to_gallery=said["savedToGallery"], error=error
    )


def _command(said: dict[str, Any], request_id: str, token: str) -> TakePhoto:
    path = f"/api/client/miniapp-photo/upload/{quote(request_id, safe='')}"
    return TakePhoto(
        request_id=request_id,
        package_name=said["packageName"],
        upload_url=f"{settings.PUBLIC_URL}{path}",
        token=token,
        size=said["size"],
        compress=said["compress"],
        sound=said["sound"],
        save_to_gallery=said["saveToGallery"],
    )


def _refuse(reply: Reply) -> Response:
    code = _STATUSES.get(ErrorCode(reply.code), status.HTTP_503_SERVICE_UNAVAILABLE)
    return Response({"error": reply.code, "message": reply.message}, code)
