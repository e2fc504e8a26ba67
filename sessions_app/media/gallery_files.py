"""The files of what glasses brought, in Django's default storage: stored as they are read, opened, deleted.

Where the storage signs addresses itself (S3), films go straight there.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Protocol

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from sessions_app.errors import StorageAway
from sessions_app.media.glasses_files import HEAD_BYTES, is_video
from sessions_app.models import GalleryItem

logger = logging.getLogger(__name__)

FOLDER = "glasses"
_CHUNK_BYTES = 256 * 1024


class Readable(Protocol):
    """The body of a request."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most so many; none at the end."""


class UnusableFilm(Exception):
    """What was brought is not what was announced; the text says why."""


class Film(ContentFile):  # type: ignore[type-arg]
    """The body of a request, read piece by piece; `taken` is how much came of it."""

    def __init__(self, body: Readable, announced: int) -> None:
        super().__init__(b"", name="film")
        self.taken = 0
        self._body = body
        self._announced = announced

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the pieces; raise UnusableFilm for what is no film, or too much."""
        while piece := self._body.read(_CHUNK_BYTES):
            if not self.taken and not is_video(piece[:HEAD_BYTES]):
                raise UnusableFilm("This is no MP4 or QuickTime film.")
            self.taken += len(piece)
            if self.taken > self._announced:
                raise UnusableFilm(f"{self._announced} bytes were announced, more came.")
            yield piece


def store_file(item: GalleryItem, content: "File[Any]", *, keep_row: bool = False) -> None:
    """Store the file of an item. Raises UnusableFilm or StorageAway; the latter costs a row that is not to be kept."""
    try:
        default_storage.save(_path_of(item), content)
    except UnusableFilm:
        delete_file(item)
        raise
    except Exception as problem:
        logger.exception("A file of glasses could not be stored")
        if delete_file(item) and not keep_row:
            GalleryItem.objects.filter(pk=item.pk).delete()
        raise StorageAway("It could not be stored just now.") from problem


def open_file(item: GalleryItem) -> "File[bytes] | None":
    """Return the file of an item, None when it is gone; its reader closes it."""
    try:
        return default_storage.open(_path_of(item))
    except FileNotFoundError:
        return None


def size_of_file(item: GalleryItem) -> int | None:
    """Return how many bytes are stored for an item; None when nothing is. Raises StorageAway."""
    try:
        return default_storage.size(_path_of(item)) if default_storage.exists(_path_of(item)) else None
    except Exception as problem:
        raise StorageAway("The storage does not answer just now.") from problem


def delete_file(item: GalleryItem) -> bool:
    """Delete the file of an item, also of one whose row is gone; false when that is not possible now."""
    try:
        default_storage.delete(_path_of(item))
    except Exception:
        logger.exception("The file of gallery item %s could not be deleted", item.pk)
        return False
    return True


def upload_url_of_storage(item: GalleryItem, lasts: timedelta) -> str:
    """Return an address of an S3 storage (django-storages) for this upload alone; empty for any other storage."""
    bucket = getattr(default_storage, "bucket", None)
    if bucket is None:
        return ""
    key = f"{getattr(default_storage, 'location', '')}/{_path_of(item)}".lstrip("/")
    address: str = bucket.meta.client.generate_presigned_url(
        "put_object",
        Params={
            "Bucket": bucket.name,
            "Key": key,
            "ContentType": item.mime_type,
            "ContentLength": item.size,
        },
        ExpiresIn=int(lasts.total_seconds()),
    )
    return address


def _path_of(item: GalleryItem) -> str:
    return f"{FOLDER}/{item.name}"
