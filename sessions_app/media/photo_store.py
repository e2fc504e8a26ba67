"""Keeping photos: rows, files in Django's default storage, a quota for each person, an end (media.md §1.4, §1.6).

Everything here blocks. A photo is had by its name, which nobody can guess; the rest of its life is in its row.
"""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.crypto import get_random_string

from sessions_app.errors import GalleryFull, StorageAway
from sessions_app.media.pictures import Picture
from sessions_app.models import Photo

logger = logging.getLogger(__name__)

FOLDER = "uploads"
NAME_LENGTH = 40
# A row whose file never came belongs to a process that died meanwhile.
UNSTORED_AGE = timedelta(hours=1)
MOST_LISTED = 250
_BATCH = 200
_THUMBNAIL = "_small.jpg"


class Stored(NamedTuple):
    """A file as it is served."""

    data: bytes
    content_type: str


def keep_photo(
    *, user_pk: int, picture: Picture, request_id: str, package_name: str = "", in_gallery: bool = False
) -> Photo:
    """Store a photo for somebody, in their gallery or for the while of PHOTO_RETENTION_HOURS.

    Raises GalleryFull when it would exceed what one person may have, StorageAway when it could not be stored.
    """
    size = len(picture.data)
    _make_room(user_pk, size)
    now = timezone.now()
    photo = Photo.objects.create(
        user_id=user_pk,
        package_name=package_name,
        request_id=request_id,
        name=f"{get_random_string(NAME_LENGTH)}.{picture.ending}",
        content_type=picture.content_type,
        size=size,
        width=picture.width,
        height=picture.height,
        in_gallery=in_gallery,
        created_at=now,
        expires_at=_end_of(now, in_gallery=in_gallery),
    )
    try:
        default_storage.save(_path_of(photo.name), ContentFile(picture.data))
        default_storage.save(_path_of(_thumbnail_of(photo.name)), ContentFile(picture.thumbnail))
    except Exception as problem:
        logger.exception("A photo could not be stored")
        delete_photos(Photo.objects.filter(pk=photo.pk))
        raise StorageAway("The photo could not be stored just now.") from problem
    photo.stored_at = timezone.now()
    photo.save(update_fields=["stored_at"])
    return photo


def photo_url(photo: Photo) -> str:
    """Return the absolute address at which a photo can be opened."""
    return f"{settings.PUBLIC_URL}/{FOLDER}/{photo.name}"


def thumbnail_url(photo: Photo) -> str:
    """Return the absolute address of a photo's small version."""
    return f"{settings.PUBLIC_URL}/{FOLDER}/{_thumbnail_of(photo.name)}"


def find_stored(name: str) -> Stored | None:
    """Return the photo or thumbnail of this name; None when there is none, or not any more."""
    is_small = name.endswith(_THUMBNAIL)
    stem = name.removesuffix(_THUMBNAIL) if is_small else name
    matches = Q(name__startswith=f"{stem}.") if is_small and len(stem) == NAME_LENGTH else Q(name=stem)
    photo = _alive().filter(matches).first()
    if photo is None:
        return None
    try:
        with default_storage.open(_path_of(name)) as file:
            return Stored(file.read(), "image/jpeg" if is_small else photo.content_type)
    except FileNotFoundError:
        return None


def list_gallery(user_pk: int, *, before: UUID | None = None) -> list[Photo]:
    """Return somebody's gallery, newest first and at most 250; those older than the photo `before`, if named."""
    photos = _alive().filter(user_id=user_pk, in_gallery=True)
    if before is not None:
        at = Photo.objects.filter(pk=before, user_id=user_pk).values_list("created_at", flat=True).first()
        if at is None:
            return []
        photos = photos.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=before))
    return list(photos[:MOST_LISTED])


def find_in_gallery(user_pk: int, request_id: str) -> Photo | None:
    """Return the photo of somebody's gallery that was made for this request, if it is there."""
    return _alive().filter(user_id=user_pk, in_gallery=True, request_id=request_id).first()


def delete_photos(photos: QuerySet[Photo]) -> int:
    """Delete photos with their files; return how many. Where the files cannot be deleted now, the row stays."""
    deleted = 0
    for photo in photos:
        if delete_files(photo):
            deleted += Photo.objects.filter(pk=photo.pk).delete()[1].get("sessions_app.Photo", 0)
    return deleted


def delete_files(photo: Photo) -> bool:
    """Delete the files of a photo; false when that is not possible now."""
    try:
        default_storage.delete(_path_of(photo.name))
        default_storage.delete(_path_of(_thumbnail_of(photo.name)))
    except Exception:
        logger.exception("The files of photo %s could not be deleted", photo.pk)
        return False
    return True


def forget_expired_photos(*, now: datetime) -> int:
    """Delete photos whose time is over or whose file never came; return how many."""
    over = Photo.objects.filter(
        Q(expires_at__lt=now) | Q(stored_at__isnull=True, created_at__lt=now - UNSTORED_AGE)
    )
    deleted = 0
    while batch := list(over.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        gone = delete_photos(Photo.objects.filter(pk__in=batch))
        deleted += gone
        if gone < len(batch):
            break
    return deleted


def _alive() -> QuerySet[Photo]:
    now = timezone.now()
    return Photo.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), stored_at__isnull=False)


def _make_room(user_pk: int, size: int) -> None:
    """Let the oldest of somebody's photos go that are in no gallery, as far as one more needs it; raise GalleryFull."""
    photos = Photo.objects.filter(user_id=user_pk)
    most = settings.PHOTO_QUOTA_MB * 1024 * 1024
    excess = int(photos.aggregate(used=Sum("size"))["used"] or 0) + size - most
    leaving = []
    for photo in photos.filter(in_gallery=False).order_by("created_at") if excess > 0 else ():
        if excess <= 0:
            break
        leaving.append(photo.pk)
        excess -= photo.size
    if excess > 0:
        raise GalleryFull(
            f"The photos of one person may take {settings.PHOTO_QUOTA_MB} MB. Delete some of the gallery first."
        )
    if leaving:
        delete_photos(Photo.objects.filter(pk__in=leaving))


def _end_of(now: datetime, *, in_gallery: bool) -> datetime | None:
    if not in_gallery:
        return now + timedelta(hours=settings.PHOTO_RETENTION_HOURS)
    return now + timedelta(days=settings.GALLERY_DAYS) if settings.GALLERY_DAYS else None


def _path_of(name: str) -> str:
    return f"{FOLDER}/{name}"


def _thumbnail_of(name: str) -> str:
    return f"{name.partition('.')[0]}{_THUMBNAIL}"
