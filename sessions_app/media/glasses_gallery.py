"""Keeping what glasses bring until their phone fetched it: rows with their files, a quota, an end. All of it blocks."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.rules import digest_of
from sessions_app.errors import GalleryFull, StorageAway
from sessions_app.media.gallery_files import (
    Film,
    Readable,
    UnusableFilm,
    delete_file,
    size_of_file,
    store_file,
    upload_url_of_storage,
)
from sessions_app.media.glasses_files import IMAGE_ENDINGS, VIDEO_ENDINGS
from sessions_app.models import GalleryItem

ADDRESS = "/api/client/asg/gallery"
NAME_LENGTH = 40
UPLOAD_TIME = timedelta(hours=1)
_MEGABYTE = 1024 * 1024
_BATCH = 200


class NotAwaited(Exception):
    """No film is awaited here: unknown, brought already, or too late."""


class NotThere(Exception):
    """The film of this item has not been brought yet."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What glasses say of something they took; `metadata` is whatever they add."""

    filename: str
    mime_type: str
    captured_at: datetime
    device_id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for the phone: how many of it, how many bytes in all, and the oldest of it."""

    count: int
    total_bytes: int
    items: Sequence[GalleryItem]
    has_more: bool


def keep_image(user_pk: int, capture: Capture, data: bytes) -> GalleryItem:
    """Store a picture for its person's phone; one that is here already is not stored again.

    Raises GalleryFull or StorageAway.
    """
    known = _same(user_pk, capture, len(data)).filter(stored_at__isnull=False).first()
    if known is not None:
        return known
    item = _make(user_pk, GalleryItem.Kind.IMAGE, capture, len(data), IMAGE_ENDINGS[capture.mime_type])
    store_file(item, ContentFile(data))
    _note_stored(item)
    return item


def await_video(user_pk: int, capture: Capture, size: int) -> tuple[GalleryItem, str]:
    """Begin to wait for a film of `size` bytes; return its item and the address at which it may be PUT once.

    Asked again for the same film, the address of before ends. Raises GalleryFull.
    """
    item = _same(user_pk, capture, size).filter(stored_at__isnull=True, claimed_at__isnull=True).first()
    if item is None:
        item = _make(user_pk, GalleryItem.Kind.VIDEO, capture, size, VIDEO_ENDINGS[capture.mime_type])
    token = secrets.token_urlsafe(32)
    item.upload_digest, item.upload_until = digest_of(token), timezone.now() + UPLOAD_TIME
    item.save(update_fields=["upload_digest", "upload_until"])
    return item, upload_url_of_storage(item, UPLOAD_TIME) or f"{settings.PUBLIC_URL}{ADDRESS}/uploads/{token}"


def take_video(token: str, body: Readable) -> GalleryItem:
    """Store the film that is awaited with this token, as it is read; the token is good once.

    Raises NotAwaited, UnusableFilm or StorageAway; after the last two it may be brought again.
    """
    now = timezone.now()
    awaited = GalleryItem.objects.filter(
        upload_digest=digest_of(token), upload_until__gt=now, stored_at__isnull=True
    )
    item = awaited.filter(claimed_at__isnull=True).first()
    if item is None or awaited.filter(pk=item.pk, claimed_at__isnull=True).update(claimed_at=now) != 1:
        raise NotAwaited
    film = Film(body, item.size)
    try:
        store_file(item, film, keep_row=True)
        if film.taken != item.size:
            delete_file(item)
            raise UnusableFilm(f"{item.size} bytes were announced, {film.taken} came.")
    except (UnusableFilm, StorageAway):
        GalleryItem.objects.filter(pk=item.pk).update(claimed_at=None)
        raise
    return item


def complete_video(user_pk: int, item_id: UUID) -> GalleryItem | None:
    """Let the phone have a film that was brought; None for an unknown item, as is when it has it already.

    Raises NotThere, UnusableFilm for another size than announced, or StorageAway.
    """
    item = GalleryItem.objects.filter(pk=item_id, user_id=user_pk, kind=GalleryItem.Kind.VIDEO).first()
    if item is None or item.stored_at is not None:
        return item
    size = size_of_file(item)
    if size is None:
        raise NotThere
    if size != item.size:
        delete_items(GalleryItem.objects.filter(pk=item.pk))
        raise UnusableFilm(f"{item.size} bytes were announced, {size} came.")
    _note_stored(item)
    return item


def list_pending(user_pk: int, *, limit: int, kind: str = "", after: UUID | None = None) -> Pending | None:
    """Return what waits for somebody's phone, oldest first; None when `after` is no item of theirs."""
    waiting = _alive().filter(user_id=user_pk)
    if kind:
        waiting = waiting.filter(kind=kind)
    numbers = waiting.order_by().aggregate(count=Count("pk"), total=Sum("size"))
    if after is not None:
        last = GalleryItem.objects.filter(pk=after, user_id=user_pk).only("captured_at").first()
        if last is None:
            return None
        at = last.captured_at
        waiting = waiting.filter(Q(captured_at__gt=at) | Q(captured_at=at, id__gt=after))
    found = list(waiting[: limit + 1])
    return Pending(numbers["count"], numbers["total"] or 0, found[:limit], len(found) > limit)


def find_item(name: str) -> GalleryItem | None:
    """Return what waits under this name."""
    return _alive().filter(name=name).first()


def item_url(item: GalleryItem) -> str:
    """Return the absolute address at which an item is fetched."""
    return f"{settings.PUBLIC_URL}{ADDRESS}/files/{item.name}"


def delete_items(items: QuerySet[GalleryItem]) -> int:
    """Delete items with their files; return how many. Where a file cannot be deleted now, the row stays."""
    deleted = 0
    for item in items:
        if delete_file(item):
            deleted += GalleryItem.objects.filter(pk=item.pk).delete()[0]
    return deleted


def forget_expired_items(*, now: datetime) -> int:
    """Delete what no phone fetched in time, and what never came; return how many."""
    never_came = Q(stored_at__isnull=True, created_at__lt=now - 2 * UPLOAD_TIME)
    over = GalleryItem.objects.filter(Q(expires_at__lt=now) | never_came).order_by("pk")
    deleted = 0
    while batch := list(over.values_list("pk", flat=True)[:_BATCH]):
        gone = delete_items(GalleryItem.objects.filter(pk__in=batch))
        deleted += gone
        if gone < len(batch):
            break
    return deleted


def _make(user_pk: int, kind: str, capture: Capture, size: int, ending: str) -> GalleryItem:
    used = GalleryItem.objects.filter(user_id=user_pk).order_by().aggregate(used=Sum("size"))["used"] or 0
    if used + size > settings.GLASSES_GALLERY_QUOTA_MB * _MEGABYTE:
        raise GalleryFull(
            f"What waits for one phone may take {settings.GLASSES_GALLERY_QUOTA_MB} MB. Let the phone fetch it first."
        )
    now = timezone.now()
    return GalleryItem.objects.create(
        user_id=user_pk,
        kind=kind,
        name=f"{get_random_string(NAME_LENGTH)}.{ending}",
        filename=capture.filename,
        mime_type=capture.mime_type,
        size=size,
        device_id=capture.device_id,
        metadata=capture.metadata,
        captured_at=capture.captured_at,
        created_at=now,
        expires_at=now + timedelta(days=settings.GLASSES_GALLERY_DAYS),
    )


def _note_stored(item: GalleryItem) -> None:
    item.stored_at = timezone.now()
    item.save(update_fields=["stored_at"])


def _same(user_pk: int, capture: Capture, size: int) -> QuerySet[GalleryItem]:
    return GalleryItem.objects.filter(
        user_id=user_pk, filename=capture.filename, captured_at=capture.captured_at, size=size
    )


def _alive() -> QuerySet[GalleryItem]:
    return GalleryItem.objects.filter(stored_at__isnull=False, expires_at__gt=timezone.now())
