"""What glasses bring by themselves and the phone fetches later: pictures and films (rest §2)."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.parsers import BodyTooLarge, PictureParser
from accounts.api.refusals import Wording, unsuccessful
from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from accounts.limits import take
from sessions_app.api.asg_shapes import (
    MOST_LISTED,
    BroughtSerializer,
    ImageSerializer,
    PendingSerializer,
    SyncedAnswerSerializer,
    SyncedSerializer,
    VideoAddressSerializer,
    VideoDoneSerializer,
    VideoSerializer,
    VideoStateSerializer,
    capture_of,
    describe,
)
from sessions_app.api.views import PhoneView, timestamp
from sessions_app.media.gallery_files import UnusableFilm
from sessions_app.media.glasses_files import (
    HEAD_BYTES,
    IMAGE_ENDINGS,
    MOST_IMAGE_BYTES,
    VIDEO_ENDINGS,
    is_image,
)
from sessions_app.media.glasses_gallery import (
    NotThere,
    await_video,
    complete_video,
    delete_items,
    keep_image,
    list_pending,
)
from sessions_app.models import GalleryItem
from sessions_app.protocol.codec import iso

USUAL_LIMIT = 50
_MEGABYTE = 1024 * 1024


class GlassesPictureParser(PictureParser):
    """A form with one picture of at most 20 MB."""

    most_bytes = MOST_IMAGE_BYTES


def _answer(data: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Return the serializer of `data` as this place answers it."""
    name = data.__name__.removesuffix("Serializer")
    fields = {
        "success": serializers.BooleanField(default=True),
        "data": data(),
        "timestamp": serializers.DateTimeField(),
    }
    return type(f"Gallery{name}AnswerSerializer", (serializers.Serializer,), fields)


class DeletedItemSerializer(serializers.Serializer[Any]):
    """It is gone."""

    success = serializers.BooleanField(default=True)
    message = serializers.CharField()
    timestamp = serializers.DateTimeField()


class GalleryPlace(PhoneView):
    """The base of what concerns one's own glasses; they have the token of their phone."""

    wording: ClassVar[Wording] = staticmethod(unsuccessful)

    def done(self, data: Mapping[str, Any]) -> Response:
        """Answer."""
        return Response({"success": True, "data": data, "timestamp": timestamp()})


class ImageUploadView(GalleryPlace):
    """Pictures."""

    parser_classes = (GlassesPictureParser,)

    @extend_schema(
        request=ImageSerializer,
        responses={200: _answer(BroughtSerializer), **refusals(400, 429, 503, 507)},
    )
    def post(self, request: Request) -> Response:
        """Bring a picture of at most 20 MB for the phone; repeated, it is kept once."""
        user = asking_user(request)
        said = read_body(ImageSerializer, request)
        file = said["file"]
        capture = capture_of(said, str(file.content_type))
        if capture.mime_type not in IMAGE_ENDINGS:
            raise UnsupportedMediaType(capture.mime_type)
        if file.size > MOST_IMAGE_BYTES:
            raise BodyTooLarge(MOST_IMAGE_BYTES)
        data = file.read()
        if not is_image(data[:HEAD_BYTES], capture.mime_type):
            raise UnsupportedMediaType(capture.mime_type, "The file is no picture of the type it claims.")
        take("glasses_media", user.pk)
        item = keep_image(user.pk, capture, data)
        return self.done({"id": str(item.pk), "uploadedAt": iso(item.stored_at or item.created_at)})


class VideoUploadUrlView(GalleryPlace):
    """Films, before they are brought."""

    @extend_schema(
        request=VideoSerializer,
        responses={200: _answer(VideoAddressSerializer), **refusals(400, 413, 415, 429, 507)},
    )
    def post(self, request: Request) -> Response:
        """Ask where a film may be PUT: once, within an hour, with as many bytes as announced."""
        user = asking_user(request)
        said = read_body(VideoSerializer, request)
        if said["mimeType"] not in VIDEO_ENDINGS:
            raise UnsupportedMediaType(said["mimeType"])
        if said["sizeBytes"] > settings.GLASSES_VIDEO_MB * _MEGABYTE:
            raise BodyTooLarge(settings.GLASSES_VIDEO_MB * _MEGABYTE)
        take("glasses_media", user.pk)
        item, address = await_video(user.pk, capture_of(said, said["mimeType"]), said["sizeBytes"])
        until = iso(item.upload_until or item.created_at)
        return self.done({"id": str(item.pk), "uploadUrl": address, "expiresAt": until})


class VideoCompleteView(GalleryPlace):
    """Films that were brought."""

    @extend_schema(
        request=VideoDoneSerializer,
        responses={200: _answer(VideoStateSerializer), **refusals(400, 404, 409, 503)},
    )
    def post(self, request: Request) -> Response:
        """Say that a film was brought; from then on the phone may fetch it."""
        said = read_body(VideoDoneSerializer, request)
        try:
            item = complete_video(asking_user(request).pk, said["id"])
        except NotThere:
            problem = "The film has not been brought yet: PUT it to its uploadUrl first."
            return Response(unsuccessful(problem), status.HTTP_409_CONFLICT)
        except UnusableFilm as unusable:
            raise ParseError(f"{unusable} Ask for a new uploadUrl.") from unusable
        if item is None:
            raise NotFound("There is no such film.")
        return self.done({"id": str(item.pk), "status": "pending"})


class PendingView(GalleryPlace):
    """What waits for the phone."""

    @extend_schema(
        parameters=[
            OpenApiParameter("limit", int, description="1 to 100; 50 without it."),
            OpenApiParameter("cursor", str, description="The `cursor` of the answer before."),
            OpenApiParameter("type", str, enum=GalleryItem.Kind.values),
        ],
        responses={200: _answer(PendingSerializer), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """List what your glasses brought and your phone has not yet, oldest first."""
        kind, cursor = request.query_params.get("type", ""), request.query_params.get("cursor", "")
        if kind and kind not in GalleryItem.Kind.values:
            raise ParseError("type: It must be image or video.")
        limit = request.query_params.get("limit", "")
        most = int(limit[:4]) if limit.isascii() and limit.isdigit() else USUAL_LIMIT
        after = id_of(cursor)
        if cursor and after is None:
            raise ParseError("cursor: It is none of an answer.")
        pending = list_pending(
            asking_user(request).pk, limit=min(max(most, 1), MOST_LISTED), kind=kind, after=after
        )
        if pending is None:
            raise ParseError("cursor: What it stands for is gone; begin anew.")
        return self.done(describe(pending))


class SyncedView(GalleryPlace):
    """What the phone has fetched."""

    @extend_schema(
        request=SyncedSerializer,
        responses={200: _answer(SyncedAnswerSerializer), **refusals(400)},
    )
    def post(self, request: Request) -> Response:
        """Say what the phone has by now, at most 100 items: they are deleted here, and what is gone is passed over."""
        said = read_body(SyncedSerializer, request)
        keys = [key for key in map(id_of, said["ids"]) if key is not None]
        own = GalleryItem.objects.filter(pk__in=keys, user=asking_user(request))
        return self.done({"syncedCount": delete_items(own)})


class ItemView(GalleryPlace):
    """One picture or film."""

    @extend_schema(responses={200: DeletedItemSerializer, **refusals(404, 503)})
    def delete(self, request: Request, item_id: str) -> Response:
        """Delete a picture or film that waits for your phone."""
        key = id_of(item_id)
        own = GalleryItem.objects.filter(pk=key, user=asking_user(request)) if key else None
        if own is None or not own.exists():
            raise NotFound("There is no such item.")
        if not delete_items(own):
            return Response(unsuccessful("It could not be deleted just now."), status=503)
        return Response({"success": True, "message": "Item deleted", "timestamp": timestamp()})


def id_of(text: str) -> UUID | None:
    """Return the id that is written so."""
    try:
        return UUID(text)
    except ValueError:
        return None
