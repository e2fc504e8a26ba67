"""Somebody's own photos: listed, shown, deleted (rest §7)."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ParseError, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.refusals import Wording, without_success
from accounts.api.schema import refusals
from accounts.api.views import asking_user
from sessions_app.api.views import PhoneView
from sessions_app.media.photo_store import delete_photos, find_stored, list_gallery, photo_url, thumbnail_url
from sessions_app.models import Photo
from sessions_app.protocol.codec import iso


class GalleryPhotoSerializer(serializers.Serializer[Any]):
    """One photo. Whoever has its address may see it; `appId` is the app that asked for it, if one did."""

    _id = serializers.CharField()
    photoUrl = serializers.CharField()
    thumbnailUrl = serializers.CharField()
    filename = serializers.CharField()
    uploadDate = serializers.DateTimeField()
    requestId = serializers.CharField()
    appId = serializers.CharField(allow_blank=True)


class GallerySerializer(serializers.Serializer[Any]):
    """The newest 250 photos, or those before another one."""

    success = serializers.BooleanField(default=True)
    photos = GalleryPhotoSerializer(many=True)


class DeletedSerializer(serializers.Serializer[Any]):
    """It is gone."""

    success = serializers.BooleanField(default=True)
    message = serializers.CharField()


class GalleryView(PhoneView):
    """One's gallery."""

    wording: ClassVar[Wording] = staticmethod(without_success)

    @extend_schema(
        parameters=[OpenApiParameter("before", str, description="The `_id` of the last photo seen.")],
        responses={200: GallerySerializer, **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """List the photos of your gallery, newest first and at most 250."""
        before = request.query_params.get("before", "")
        last = _id_of(before)
        if before and last is None:
            raise ParseError("before: It is the id of no photo.")
        photos = list_gallery(asking_user(request).pk, before=last)
        return Response({"success": True, "photos": [_describe(photo) for photo in photos]})


class GalleryPhotoView(PhoneView):
    """One's photo."""

    wording: ClassVar[Wording] = staticmethod(without_success)

    @extend_schema(responses={200: DeletedSerializer, **refusals(403, 404, 503)})
    def delete(self, request: Request, photo_id: str) -> Response:
        """Delete a photo of your gallery with its file."""
        key = _id_of(photo_id)
        photo = Photo.objects.filter(pk=key, in_gallery=True).first() if key else None
        if photo is None:
            raise NotFound("There is no such photo.")
        if photo.user_id != asking_user(request).pk:
            raise PermissionDenied("This photo is not yours.")
        if not delete_photos(Photo.objects.filter(pk=photo.pk)):
            body = without_success("The photo could not be deleted just now.")
            return Response(body, status=503)
        return Response({"success": True, "message": "Photo deleted successfully"})


@require_safe
def serve_upload(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a photo to whoever knows its name; it is never anything but a picture."""
    stored = find_stored(name)
    if stored is None:
        raise Http404
    answer = HttpResponse(stored.data, content_type=stored.content_type)
    answer["Cache-Control"] = "private, max-age=300"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Content-Disposition"] = "inline"
    answer["X-Robots-Tag"] = "noindex"
    # Pages of apps and of phones show them.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _describe(photo: Photo) -> dict[str, Any]:
    return {
        "_id": str(photo.pk),
        "photoUrl": photo_url(photo),
        "thumbnailUrl": thumbnail_url(photo),
        "filename": photo.name,
        "uploadDate": iso(photo.created_at),
        "requestId": photo.request_id,
        "appId": photo.package_name,
    }


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
