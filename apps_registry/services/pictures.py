"""Icons and previews of apps: stored under the digest of their bytes, listed in rows."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from accounts.acting import current_actor
from accounts.audit import record
from accounts.limits import take_for_actor
from accounts.models import User
from apps_registry.errors import RegistryError
from apps_registry.images import Encoded, read_either, read_icon, read_preview
from apps_registry.models import App, Picture
from apps_registry.pictures import FOLDER, path_of, picture_url
from apps_registry.services.apps import update_app

MOST_PREVIEWS = 8
MOST_ICONS = 20
# A file is stored before its row: one that has none yet may be about to get it.
ORPHAN_AGE = timedelta(hours=1)
UNUSED_AGE = timedelta(days=1)


def set_icon(*, app: App, data: bytes) -> Picture:
    """Make an uploaded picture the icon of `app`: its `logo_url` leads there. Raises RegistryError, TooManyRequests."""
    encoded = _take(read_icon, data)
    with transaction.atomic():
        picture = _add(app, Picture.Kind.ICON, encoded)
        old = app.pictures.filter(kind=Picture.Kind.ICON).exclude(pk=picture.pk).order_by("-pk")
        app.pictures.filter(pk__in=[row.pk for row in old[MOST_ICONS - 1 :]]).delete()
        update_app(app=app, logo_url=picture_url(picture))
        record("icon.set", app, organization=app.organization, after={"image": picture.image_id})
    return picture


def add_preview(*, app: App, data: bytes) -> Picture:
    """Add an uploaded picture to the end of the previews of `app`. Raises RegistryError, TooManyRequests."""
    encoded = _take(read_preview, data)
    with transaction.atomic():
        previews = App.objects.select_for_update().get(pk=app.pk).pictures.filter(kind=Picture.Kind.PREVIEW)
        if previews.count() >= MOST_PREVIEWS and not previews.filter(name=encoded.name).exists():
            raise RegistryError("file", f"An app has {MOST_PREVIEWS} previews at most. Delete one first.")
        last = previews.aggregate(last=Max("position"))["last"]
        picture = _add(app, Picture.Kind.PREVIEW, encoded, position=0 if last is None else last + 1)
        record("preview.added", app, organization=app.organization, after={"image": picture.image_id})
    return picture


@transaction.atomic
def order_previews(*, app: App, image_ids: Sequence[str]) -> None:
    """Put the previews of `app` into this order; raise RegistryError unless each is named once."""
    previews = list(app.pictures.select_for_update().filter(kind=Picture.Kind.PREVIEW))
    before = [picture.image_id for picture in previews]
    if sorted(image_ids) != sorted(before):
        raise RegistryError("image_ids", "Name each preview once. Somebody else may have changed them.")
    for picture in previews:
        picture.position = image_ids.index(picture.image_id)
    Picture.objects.bulk_update(previews, ["position"])
    record(
        "previews.ordered",
        app,
        organization=app.organization,
        before={"images": before},
        after={"images": list(image_ids)},
    )


@transaction.atomic
def remove_preview(*, picture: Picture) -> None:
    """Take a preview away; its file goes with the next clean-up."""
    organization = None if picture.app is None else picture.app.organization
    record("preview.removed", picture, organization=organization, before={"image": picture.image_id})
    picture.delete()


def keep_upload(*, user: User, data: bytes) -> Picture:
    """Store a picture that `user` will name as the logo of an app later (rest §12). Raises as `set_icon` does."""
    encoded = _take(read_either, data)
    with transaction.atomic():
        picture = _add(None, Picture.Kind.UPLOAD, encoded, by=user)
        record("picture.uploaded", picture, after={"image": picture.image_id})
    return picture


@transaction.atomic
def remove_upload(*, user: User, image_id: str) -> bool:
    """Forget an upload of `user` that is for no app; return False when there is none."""
    for picture in Picture.objects.filter(app=None, created_by=user, name__startswith=f"{image_id}."):
        record("picture.removed", picture, before={"image": picture.image_id})
        picture.delete()
        return True
    return False


def forget_orphaned_pictures() -> int:
    """Delete uploads that no app came to show, and stored pictures that no row names, but for the newest.

    Returns how many stored pictures were deleted.
    """
    shown = App.objects.filter(logo_url__endswith=OuterRef("name"))
    uploads = Picture.objects.filter(app=None, created_at__lt=timezone.now() - UNUSED_AGE)
    uploads.filter(~Exists(shown)).delete()
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    known = set(Picture.objects.filter(name__in=names).values_list("name", flat=True))
    before = timezone.now() - ORPHAN_AGE
    orphans = [
        name
        for name in names
        if name not in known and default_storage.get_modified_time(path_of(name)) < before
    ]
    for name in orphans:
        default_storage.delete(path_of(name))
    return len(orphans)


def _take(read: Callable[[bytes], Encoded], data: bytes) -> Encoded:
    """Read an upload and store it; the row that makes it count comes after."""
    take_for_actor("picture")
    encoded = read(data)
    if not Picture.objects.filter(name=encoded.name).exists():
        # One that nobody names may be old enough to be cleaned away: it begins anew.
        default_storage.delete(path_of(encoded.name))
        default_storage.save(path_of(encoded.name), ContentFile(encoded.data))
    return encoded


def _add(
    app: App | None, kind: Picture.Kind, encoded: Encoded, *, position: int = 0, by: User | None = None
) -> Picture:
    facts = {
        "width": encoded.width,
        "height": encoded.height,
        "position": position,
    }
    who = by or current_actor()
    own = {"created_by": who} if app is None else {}
    picture, _ = Picture.objects.get_or_create(
        app=app, kind=kind, name=encoded.name, **own, defaults={**facts, "created_by": who}
    )
    return picture
