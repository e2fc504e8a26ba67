"""Photos that phones and glasses bring: for an app, or for somebody's own gallery (media.md §1.4, §1.6)."""

import json
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.parsers import BodyTooLarge, PictureParser
from accounts.api.refusals import Wording, unsuccessful
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user, read_body
from accounts.limits import take
from sessions_app.api.upload_tokens import CoreOrUploadAuthentication
from sessions_app.media.awaiting import Kind, claim, find_awaited, find_request, settle
from sessions_app.media.photo_store import find_in_gallery, keep_photo, photo_url
from sessions_app.media.pictures import MOST_BYTES, Picture, UnusablePhoto, read_photo
from sessions_app.media.receiving import (
    AlreadySettled,
    outcome_of,
    settle_in_session,
    take_error,
    take_photo,
)
from sessions_app.models import AwaitedPhoto, Photo
from sessions_app.outbound.commands import SettlePhoto
from sessions_app.selectors import find_live_session

LONGEST_ID = 200
UNKNOWN = "No photo is awaited here; it came already, or too late."


class RelayedSerializer(serializers.Serializer[Any]):
    """A photo for an app, or why there is none: as the app itself would get it."""

    photo = serializers.FileField(required=False)
    requestId = serializers.CharField(max_length=LONGEST_ID)
    type = serializers.CharField(required=False, allow_blank=True)
    success = serializers.CharField(required=False, allow_blank=True)
    errorCode = serializers.CharField(required=False, allow_blank=True, max_length=100)
    errorMessage = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class RelayedAnswerSerializer(serializers.Serializer[Any]):
    """It arrived."""

    success = serializers.BooleanField(default=True)
    requestId = serializers.CharField()
    message = serializers.CharField()


class RelayView(ApiView):
    """Where the phone brings a photo that an app asked for. The address is the secret: good once, for two minutes."""

    parser_classes = (PictureParser,)
    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    @extend_schema(
        request=RelayedSerializer, responses={200: RelayedAnswerSerializer, **refusals(404, 503, 507)}
    )
    def post(self, request: Request, token: str) -> Response:
        """Bring a photo, or say why there is none.

        It is kept for a while under an address that only the app is told, and posted to the app as well.
        """
        awaited = find_awaited(token, Kind.RELAY)
        if awaited is None or awaited.settled_at is not None:
            raise NotFound(UNKNOWN)
        said = read_body(RelayedSerializer, request)
        if said["requestId"] != awaited.request_id:
            raise NotFound(UNKNOWN)
        file = said.get("photo")
        is_error = said.get("type") == "photo_error" or said.get("success") == "false"
        try:
            if file is not None:
                header = request.headers.get("Authorization", "")
                take_photo(awaited, read_picture(file), authorization=header)
            elif is_error:
                take_error(
                    awaited,
                    said.get("errorCode") or "UNKNOWN_ERROR",
                    said.get("errorMessage") or "No photo came",
                )
            else:
                raise ParseError("There is no photo.")
        except AlreadySettled as error:
            raise NotFound(UNKNOWN) from error
        what = "Photo" if file is not None else "Photo error"
        body = {"success": True, "requestId": awaited.request_id, "message": f"{what} received"}
        return Response(body)


class OwnPhotoSerializer(serializers.Serializer[Any]):
    """A photo; `metadata` is JSON and names the request it is for: `{"requestId": "…"}`."""

    file = serializers.FileField()
    metadata = serializers.CharField()


class OwnPhotoAnswerSerializer(serializers.Serializer[Any]):
    """Where the photo can be opened by whoever has this address."""

    success = serializers.BooleanField(default=True)
    photoUrl = serializers.CharField()
    requestId = serializers.CharField()


class UploadView(ApiView):
    """A photo for somebody's own gallery."""

    parser_classes = (PictureParser,)
    authentication_classes = (CoreOrUploadAuthentication,)

    @extend_schema(
        request=OwnPhotoSerializer,
        responses={200: OwnPhotoAnswerSerializer, **refusals(404, 429, 503, 507)},
    )
    def post(self, request: Request) -> Response:
        """Add a photo to your gallery. Repeated for the same request it is added once."""
        user = asking_user(request)
        said = read_body(OwnPhotoSerializer, request)
        request_id = _request_id(said["metadata"])
        if isinstance(request.auth, AwaitedPhoto) and request.auth.request_id != request_id:
            raise NotFound(UNKNOWN)
        if find_live_session(user.pk) is None:
            raise NotFound("You have no session; connect your phone first.")
        photo = find_in_gallery(user.pk, request_id) or _add(user.pk, request_id, said["file"])
        settle_in_session(user.pk, SettlePhoto(request_id, outcome_of(photo, saved_to_gallery=True)))
        return Response({"success": True, "photoUrl": photo_url(photo), "requestId": request_id})


def read_picture(file: "UploadedFile[Any]") -> Picture:
    """Return the photo in an upload; raise BodyTooLarge or ParseError."""
    if (file.size or 0) > MOST_BYTES:
        raise BodyTooLarge(MOST_BYTES)
    try:
        return read_photo(file.read())
    except UnusablePhoto as problem:
        raise ParseError(str(problem)) from problem


def _add(user_pk: int, request_id: str, file: "UploadedFile[Any]") -> Photo:
    take("photo", user_pk)
    photo = keep_photo(user_pk=user_pk, picture=read_picture(file), request_id=request_id, in_gallery=True)
    awaited = find_request(user_pk, Kind.BUTTON, request_id)
    if awaited is not None and claim(awaited):
        settle(awaited, photo=photo)
    return photo


def _request_id(metadata: str) -> str:
    """Return the id in a form's `metadata`; raise ValidationError."""
    try:
        said = json.loads(metadata)
    except (ValueError, RecursionError) as error:
        raise ValidationError({"metadata": "It must be JSON."}) from error
    found = said.get("requestId") if isinstance(said, dict) else None
    if not isinstance(found, str) or not found or len(found) > LONGEST_ID:
        raise ValidationError({"metadata": "It must name a requestId."})
    return found
