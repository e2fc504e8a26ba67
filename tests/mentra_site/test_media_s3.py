"""Pictures, photos and films in a bucket, by a real S3 server of this machine: kept, served, brought by link, ended."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from apps_registry.pictures import path_of
from apps_registry.services import pictures
from mentra_site.settings import media
from sessions_app.errors import StorageAway
from sessions_app.media import gallery_files, glasses_gallery
from sessions_app.media.gallery_files import UnusableFilm
from sessions_app.media.glasses_gallery import Capture, NotThere
from sessions_app.media.photo_store import (
    delete_photos,
    find_stored,
    forget_expired_photos,
    keep_photo,
    photo_url,
    thumbnail_url,
)
from sessions_app.media.pictures import read_photo
from sessions_app.models import GalleryItem, Photo
from tests.support.images import picture
from tests.support.personas import make_user

pytestmark = pytest.mark.django_db
BUCKET = "ours"
KEYS = {"access_key": "tests", "secret_key": "tests", "region_name": "us-east-1"}
SHOWN = read_photo(picture("JPEG"))
FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
TAKEN = Capture("VID_1.mp4", "video/mp4", datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the server."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture(autouse=True)
def bucket(server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is uploaded in an empty bucket, as an operator configures it."""
    httpx2.post(f"{server}/moto-api/reset")
    assert httpx2.put(f"{server}/{BUCKET}").status_code == 200
    options = {"bucket_name": BUCKET, "endpoint_url": server, "location": "cloud", **KEYS}
    monkeypatch.setattr(media, "MEDIA_STORAGE", "storages.backends.s3.S3Storage")
    monkeypatch.setattr(media, "MEDIA_STORAGE_OPTIONS", options)
    settings.STORAGES = media.storages("unused")


def keep() -> Photo:
    return keep_photo(user_pk=make_user().pk, picture=SHOWN, request_id="p1")


def name_in(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_photo_is_kept_with_its_small_version_and_served_until_it_is_deleted() -> None:
    photo = keep()
    whole, small = name_in(photo_url(photo)), name_in(thumbnail_url(photo))
    assert find_stored(whole) == (SHOWN.data, "image/jpeg")
    assert find_stored(small) == (SHOWN.thumbnail, "image/jpeg")
    assert sorted(default_storage.listdir("uploads")[1]) == sorted([whole, small])

    assert delete_photos(Photo.objects.all()) == 1

    assert find_stored(whole) is None
    assert default_storage.listdir("uploads")[1] == []


def test_a_photo_ends_with_its_time() -> None:
    photo = keep()
    assert forget_expired_photos(now=timezone.now()) == 0
    assert forget_expired_photos(now=timezone.now() + timedelta(days=2)) == 1
    assert not default_storage.exists(f"uploads/{photo.name}")


def test_a_file_that_is_gone_is_no_failure() -> None:
    photo = keep()
    default_storage.delete(f"uploads/{photo.name}")
    assert find_stored(photo.name) is None


def test_without_the_bucket_a_photo_is_refused(settings: Settings) -> None:
    options = {**media.MEDIA_STORAGE_OPTIONS, "bucket_name": "nobodys"}
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": media.MEDIA_STORAGE, "OPTIONS": options}}
    with pytest.raises(StorageAway):
        keep()
    assert not Photo.objects.exists()


def test_a_film_is_brought_to_the_bucket_by_a_signed_link() -> None:
    ada = make_user()
    item, address = glasses_gallery.await_video(ada.pk, TAKEN, len(FILM))
    with pytest.raises(NotThere):
        glasses_gallery.complete_video(ada.pk, item.pk)
    assert f"/{BUCKET}/cloud/glasses/{item.name}?" in address

    assert httpx2.put(address, content=FILM, headers={"Content-Type": "video/mp4"}).status_code == 200

    done = glasses_gallery.complete_video(ada.pk, item.pk)
    assert done is not None
    file = gallery_files.open_file(done)
    assert file is not None
    with file:
        assert file.read() == FILM
    assert glasses_gallery.forget_expired_items(now=timezone.now() + timedelta(days=31)) == 1
    assert default_storage.listdir("glasses")[1] == []


def test_a_film_of_another_size_is_not_kept() -> None:
    ada = make_user()
    item, address = glasses_gallery.await_video(ada.pk, TAKEN, len(FILM) + 1)
    httpx2.put(address, content=FILM, headers={"Content-Type": "video/mp4"})
    with pytest.raises(UnusableFilm):
        glasses_gallery.complete_video(ada.pk, item.pk)
    assert not GalleryItem.objects.exists()
    assert default_storage.listdir("glasses")[1] == []


def test_stored_pictures_that_no_row_names_are_found_in_a_bucket_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert pictures.forget_orphaned_pictures() == 0
    default_storage.save(path_of("orphan.webp"), ContentFile(b"old"))
    assert pictures.forget_orphaned_pictures() == 0
    monkeypatch.setattr(pictures, "ORPHAN_AGE", timedelta(seconds=-60))
    assert pictures.forget_orphaned_pictures() == 1
