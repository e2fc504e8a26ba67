"""Icons and previews: stored once, listed in order, cleaned away."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from accounts.acting import acting_as
from apps_registry.errors import RegistryError
from apps_registry.models import App, Picture
from apps_registry.pictures import picture_url, preview_images
from apps_registry.services import (
    add_preview,
    forget_orphaned_pictures,
    keep_upload,
    order_previews,
    pictures,
    remove_app,
    remove_preview,
    remove_upload,
    set_icon,
    update_app,
)
from tests.support.audit import deeds
from tests.support.images import picture
from tests.support.personas import BOB, DORA, NOTES, make_app, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_storage() -> None:
    """Forget what other tests of this process stored."""
    if default_storage.exists("pictures"):
        for name in stored():
            default_storage.delete(f"pictures/{name}")


@pytest.fixture
def app() -> App:
    return make_app().app


def stored() -> list[str]:
    return sorted(default_storage.listdir("pictures")[1])


def preview(app: App, colour: str) -> Picture:
    return add_preview(app=app, data=picture(colour=colour, size=(640, 400)))


def test_an_icon_becomes_the_logo(app: App, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://cloud.example.com"
    with acting_as(make_user(DORA)):
        icon = set_icon(app=app, data=picture())
    app.refresh_from_db()
    assert app.logo_url == f"https://cloud.example.com/media/pictures/{icon.name}"
    assert str(icon.created_by) == DORA
    assert deeds()[-2:] == ["app.updated", "icon.set"]
    assert stored() == [icon.name]


def test_the_same_picture_is_stored_once(app: App) -> None:
    other = make_app(NOTES).app
    first, again, elsewhere = preview(app, "red"), preview(app, "red"), preview(other, "red")
    assert first == again
    assert first.name == elsewhere.name
    assert stored() == [first.name]


def test_previews_have_an_order(app: App) -> None:
    red, blue, green = (preview(app, colour) for colour in ("red", "blue", "green"))
    assert [shown["imageId"] for shown in preview_images(app)] == [
        picture.image_id for picture in (red, blue, green)
    ]
    order_previews(app=app, image_ids=[green.image_id, red.image_id, blue.image_id])
    [first, *_] = preview_images(app)
    assert first == {
        "url": first["url"],
        "imageId": green.image_id,
        "orientation": "landscape",
        "order": 0,
    }
    assert str(first["url"]).endswith(f"/media/pictures/{green.name}")
    with pytest.raises(RegistryError, match="each preview once"):
        order_previews(app=app, image_ids=[green.image_id, green.image_id, blue.image_id])


def test_previews_have_a_number(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PREVIEWS", 1)
    preview(app, "red")
    preview(app, "red")
    with pytest.raises(RegistryError, match="at most"):
        preview(app, "blue")


def test_old_icons_are_forgotten(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_ICONS", 2)
    for colour in ("red", "blue", "green"):
        newest = set_icon(app=app, data=picture(colour=colour))
    assert app.pictures.count() == 2
    assert newest in app.pictures.all()


def test_files_that_no_row_names_are_cleaned_away(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_app(NOTES).app
    kept, gone, shared = preview(app, "red"), preview(app, "blue"), preview(app, "green")
    preview(other, "green")
    remove_preview(picture=gone)
    remove_preview(picture=shared)
    default_storage.save("pictures/stray.png", ContentFile(b"x"))
    assert forget_orphaned_pictures() == 0, "they may be about to be named"
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("apps_registry.services.pictures.timezone.now", lambda: later)
    assert forget_orphaned_pictures() == 2
    assert stored() == sorted([kept.name, shared.name])
    remove_app(app=app)
    assert forget_orphaned_pictures() == 1
    assert stored() == [shared.name]


def test_an_upload_waits_for_an_app_for_a_day(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    dora = make_user(DORA)
    used = keep_upload(user=dora, data=picture())
    unused = keep_upload(user=dora, data=picture(size=(640, 400)))
    assert ((used.width, used.height), (unused.width, unused.height)) == ((512, 512), (640, 400))
    update_app(app=app, logo_url=picture_url(used))
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr("apps_registry.services.pictures.timezone.now", lambda: later)
    assert forget_orphaned_pictures() == 1
    assert stored() == [used.name]


def test_only_ones_own_upload_is_removed() -> None:
    upload = keep_upload(user=make_user(DORA), data=picture())
    assert not remove_upload(user=make_user(BOB), image_id=upload.image_id)
    assert remove_upload(user=make_user(DORA), image_id=upload.image_id)
    assert not Picture.objects.exists()


def test_without_any_picture_there_is_nothing_to_clean() -> None:
    assert forget_orphaned_pictures() == 0
