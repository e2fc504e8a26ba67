"""Photos that a phone takes by itself and wants to have an address for: asked for, brought, waited for (rest §2)."""

import threading
import time
from typing import Any
from uuid import uuid4

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.parsers import PictureParser
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user, read_body
from accounts.limits import take
from sessions_app.api.phone_photos import PhotoFormSerializer, TakenSerializer, take_upload
from sessions_app.api.upload_tokens import PhoneUploadAuthentication
from sessions_app.api.views import PhoneView
from sessions_app.media.awaiting import Kind, await_photo, find_request, requests_of
from sessions_app.media.photo_store import delete_photos, photo_url
from sessions_app.models import AwaitedPhoto, Photo

POLL_SECONDS = 30.0
LOOK_SECONDS = 0.5
# Each who waits takes a thread meanwhile.
MOST_WAITING = 16
_places = threading.BoundedSemaphore(MOST_WAITING)


class OwnWishSerializer(serializers.Serializer[Any]):
    """A photo the phone is about to take."""

    packageName = serializers.CharField(max_length=200)


class OwnWishAnswerSerializer(serializers.Serializer[Any]):
    """Where to bring it, and the token for that, good for three minutes."""

    requestId = serializers.CharField()
    uploadUrl = serializers.CharField()
    uploadToken = serializers.CharField()


class OwnPhotoReadySerializer(serializers.Serializer[Any]):
    """The photo; `size` is in bytes."""

    photoUrl = serializers.CharField()
    mimeType = serializers.CharField()
    size = serializers.IntegerField()


class OwnWishView(PhoneView):
    """Photos of one's phone."""

    @extend_schema(request=OwnWishSerializer, responses={200: OwnWishAnswerSerializer, **refusals(400, 429)})
    def post(self, request: Request) -> Response:
        """Announce a photo that your phone will bring."""
        said = read_body(OwnWishSerializer, request)
        user = asking_user(request)
        take("photo", user.pk)
        request_id = uuid4().hex
        token = await_photo(
            user_pk=user.pk,
            kind=Kind.PHONE,
            request_id=request_id,
            package_name=said["packageName"],
        )
        url = f"{settings.PUBLIC_URL}/api/v2/client/photo/upload/{request_id}"
        return Response({"requestId": request_id, "uploadUrl": url, "uploadToken": token})


class OwnUploadView(ApiView):
    """Where a phone brings a photo."""

    parser_classes = (PictureParser,)
    authentication_classes = (PhoneUploadAuthentication,)

    @extend_schema(
        request=PhotoFormSerializer, responses={200: TakenSerializer, **refusals(404, 409, 503, 507)}
    )
    def post(self, request: Request, request_id: str) -> Response:
        """Bring the photo."""
        return take_upload(request, request_id)


class OwnPhotoView(PhoneView):
    """A photo that one's phone announced."""

    @extend_schema(responses={200: OwnPhotoReadySerializer, **refusals(404, 408, 429, 502)})
    def get(self, request: Request, request_id: str) -> Response:
        """Wait for the photo, half a minute at most: 408 says to ask again."""
        user = asking_user(request)
        if not _places.acquire(blocking=False):
            raise Throttled(wait=LOOK_SECONDS, detail="Too many wait at this node.")
        try:
            awaited = _wait_for(user.pk, request_id)
        finally:
            _places.release()
        if awaited.error:
            return Response({"error": awaited.error}, status.HTTP_502_BAD_GATEWAY)
        if awaited.photo is None:
            return Response({"error": "timeout"}, status.HTTP_408_REQUEST_TIMEOUT)
        photo = awaited.photo
        return Response({"photoUrl": photo_url(photo), "mimeType": photo.content_type, "size": photo.size})

    @extend_schema(responses={200: TakenSerializer, **refusals(404)})
    def delete(self, request: Request, request_id: str) -> Response:
        """Forget the photo, or no longer wait for it."""
        user = asking_user(request)
        awaited = find_request(user.pk, Kind.PHONE, request_id)
        if awaited is None:
            raise NotFound("not_found")
        if awaited.photo_id is not None:
            delete_photos(Photo.objects.filter(pk=awaited.photo_id))
        requests_of(user.pk, Kind.PHONE, request_id).delete()
        return Response({"ok": True})


def _wait_for(user_pk: int, request_id: str) -> AwaitedPhoto:
    """Return the request once it is settled, or as it is when the time is over; raise NotFound."""
    until = time.monotonic() + POLL_SECONDS
    while True:
        awaited = find_request(user_pk, Kind.PHONE, request_id)
        if awaited is None:
            raise NotFound("not_found")
        if awaited.photo is not None or awaited.error or time.monotonic() >= until:
            return awaited
        time.sleep(LOOK_SECONDS)
