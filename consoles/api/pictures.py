"""Uploading the pictures that apps show (rest §12)."""

import json
import re
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.parsers import MAX_PICTURE_BYTES, BodyTooLarge, PictureParser
from accounts.api.schema import DoneSerializer, refusals
from accounts.api.views import asking_user, read_body
from accounts.rules import Right
from apps_registry.pictures import picture_url
from apps_registry.services import keep_upload, remove_upload
from consoles.api.access import own_app
from consoles.api.views import ConsoleView

_IMAGE_ID = re.compile(r"[0-9a-f]{64}")


class UploadSerializer(serializers.Serializer[Any]):
    """A picture. `metadata` is JSON that may name the app it is for, `replaceImageId` an upload it comes instead of."""

    file = serializers.FileField()
    metadata = serializers.CharField(required=False, allow_blank=True)
    replaceImageId = serializers.CharField(required=False, allow_blank=True)


class UploadedSerializer(serializers.Serializer[Any]):
    """Where a picture is."""

    url = serializers.CharField()
    imageId = serializers.CharField()


class UploadView(ConsoleView):
    """A new picture."""

    parser_classes = (PictureParser,)

    @extend_schema(request=UploadSerializer, responses={200: UploadedSerializer, **refusals(403, 404, 429)})
    def post(self, request: Request) -> Response:
        """Upload a PNG, JPEG or WebP picture of at most 10 MB.

        Name its address as the logo of an app within a day: what no app shows is forgotten.
        """
        said = read_body(UploadSerializer, request)
        package = _package_of(said.get("metadata", ""))
        if package is not None:
            own_app(request, package, Right.DEVELOP)
        if said["file"].size > MAX_PICTURE_BYTES:
            raise BodyTooLarge(MAX_PICTURE_BYTES)
        user = asking_user(request)
        picture = keep_upload(user=user, data=said["file"].read())
        replaced = said.get("replaceImageId", "")
        if _IMAGE_ID.fullmatch(replaced) and replaced != picture.image_id:
            remove_upload(user=user, image_id=replaced)
        return Response({"url": picture_url(picture), "imageId": picture.image_id})


class PictureView(ConsoleView):
    """One's picture."""

    @extend_schema(responses={200: DoneSerializer, **refusals(404)})
    def delete(self, request: Request, image_id: str) -> Response:
        """Forget an upload of yours; an app that shows it keeps it no longer than its file."""
        is_id = _IMAGE_ID.fullmatch(image_id) is not None
        if not is_id or not remove_upload(user=asking_user(request), image_id=image_id):
            raise NotFound("You have no such picture.")
        return Response({"success": True})


def _package_of(metadata: str) -> str | None:
    """Return the app that a form's `metadata` names, if it names one."""
    try:
        said = json.loads(metadata) if metadata else {}
    except (ValueError, RecursionError) as error:
        raise ValidationError({"metadata": "It must be JSON."}) from error
    package = said.get("appPackageName") if isinstance(said, dict) else None
    return package if isinstance(package, str) and package else None
