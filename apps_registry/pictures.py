"""Where stored pictures are, and how anybody gets them: they are public, and their names never mean another picture."""

import re
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from apps_registry.models import App, Picture

FOLDER = "pictures"
_NAME = re.compile(r"[0-9a-f]{64}\.(png|jpg)")
_TYPES = {"png": "image/png", "jpg": "image/jpeg"}


def path_of(name: str) -> str:
    """Return where the storage has a picture."""
    return f"{FOLDER}/{name}"


def picture_url(picture: Picture) -> str:
    """Return the absolute address of a picture."""
    return urljoin(f"{settings.PUBLIC_URL}/", default_storage.url(path_of(picture.name)))


def list_previews(app: App) -> list[Picture]:
    """Return the previews of `app` in their order."""
    return [picture for picture in app.pictures.all() if picture.kind == Picture.Kind.PREVIEW]


def preview_images(app: App) -> list[dict[str, Any]]:
    """Return `previewImages` of an app (streams-and-permissions §8)."""
    return [
        {
            "url": picture_url(picture),
            "imageId": picture.image_id,
            "orientation": picture.orientation,
            "order": order,
        }
        for order, picture in enumerate(list_previews(app))
    ]


def serve_picture(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a picture, which may be kept for ever and is never anything but a picture."""
    found = _NAME.fullmatch(name)
    if found is None or not default_storage.exists(path_of(name)):
        raise Http404
    with default_storage.open(path_of(name)) as file:
        answer = HttpResponse(file.read(), content_type=_TYPES[found[1]])
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Phones and stores of other origins show them.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


urlpatterns: list[URLPattern] = [path(f"{FOLDER}/<str:name>", serve_picture, name="picture")]
