"""Photos are kept for a person, within a quota, for a time; no file outlives its row and no row its file."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from sessions_app.errors import GalleryFull, StorageAway
from sessions_app.media import photo_store
from sessions_app.media.photo_store import (
    delete_photos,
    find_in_gallery,
    find_stored,
    forget_expired_photos,
    keep_photo,
    list_gallery,
    photo_url,
    thumbnail_url,
)
from sessions_app.media.pictures import Picture, read_photo
from sessions_app.models import Photo
from sessions_app.tasks import forget_old_history
from tests.support.images import picture
from tests.support.personas import BOB, make_user

pytestmark = pytest.mark.django_db
SMALL = read_photo(picture("JPEG"))


def keep(
    user: User | None = None, *, in_gallery: bool = False, shown: Picture = SMALL, name: str = "p1"
) -> Photo:
    return keep_photo(user_pk=(user or make_user()).pk, picture=shown, request_id=name, in_gallery=in_gallery)


def files() -> set[str]:
    return set(default_storage.listdir("uploads")[1]) if default_storage.exists("uploads") else set()


@pytest.fixture(autouse=True)
def empty_storage() -> None:
    for name in files():
        default_storage.delete(f"uploads/{name}")


def test_a_photo_is_had_by_a_name_that_nobody_guesses() -> None:
    photo = keep()
    name = photo_url(photo).rpartition("/")[2]
    assert len(name) == 44
    stored = find_stored(name)
    assert stored is not None
    assert (stored.data, stored.content_type) == (SMALL.data, "image/jpeg")
    small = find_stored(thumbnail_url(photo).rpartition("/")[2])
    assert small is not None
    assert small.data == SMALL.thumbnail


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../secrets.json", "x_small.jpg", "_small.jpg", "%", "%.jpg"]
)
def test_other_names_lead_nowhere(name: str) -> None:
    keep()
    assert find_stored(name) is None


def test_a_thumbnail_cannot_be_had_by_the_beginning_of_its_name() -> None:
    photo = keep()
    assert find_stored(f"{photo.name[:20]}_small.jpg") is None
    assert find_stored(photo.name[:40]) is None


def test_a_photo_ends_when_its_time_is_over(settings: Any) -> None:
    settings.PHOTO_RETENTION_HOURS = 24
    photo, own = keep(), keep(in_gallery=True, name="p2")
    assert photo.expires_at is not None
    assert photo.expires_at - photo.created_at == timedelta(hours=24)
    assert own.expires_at is None
    Photo.objects.filter(pk=photo.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert find_stored(photo.name) is None
    assert forget_expired_photos(now=timezone.now()) == 1
    assert {name[:40] for name in files()} == {own.name[:40]}


def test_the_clock_of_the_cloud_does_that(settings: Any) -> None:
    settings.PHOTO_RETENTION_HOURS = -1
    keep()
    forget_old_history()
    assert not Photo.objects.exists()
    assert not files()


def test_galleries_may_have_an_end_too(settings: Any) -> None:
    settings.GALLERY_DAYS = 30
    photo = keep(in_gallery=True)
    assert photo.expires_at is not None
    assert photo.expires_at - photo.created_at == timedelta(days=30)


def test_a_storage_that_is_away_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(default_storage, "save", fail)
    with pytest.raises(StorageAway):
        keep()
    assert not Photo.objects.exists()


def test_a_row_whose_file_never_came_is_forgotten() -> None:
    photo = keep()
    Photo.objects.update(stored_at=None)
    assert find_stored(photo.name) is None
    assert not forget_expired_photos(now=timezone.now())
    assert forget_expired_photos(now=timezone.now() + timedelta(hours=2)) == 1


def test_files_that_cannot_be_deleted_now_keep_their_row(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = keep()

    def fail(*_: object) -> None:
        raise OSError("away")

    with monkeypatch.context() as storage:
        storage.setattr(default_storage, "delete", fail)
        assert forget_expired_photos(now=timezone.now() + timedelta(days=2)) == 0
    assert Photo.objects.filter(pk=photo.pk).exists()
    assert delete_photos(Photo.objects.all()) == 1
    assert not files()


def test_one_person_may_have_so_much(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PHOTO_QUOTA_MB = 1
    large = SMALL._replace(data=bytes(400 * 1024))
    passed_on = keep(shown=large)
    own = [keep(in_gallery=True, shown=large, name=f"own {number}") for number in range(2)]
    assert set(Photo.objects.values_list("pk", flat=True)) == {photo.pk for photo in own}
    assert find_stored(passed_on.name) is None
    with pytest.raises(GalleryFull, match="1 MB"):
        keep(in_gallery=True, shown=large)
    with pytest.raises(GalleryFull):
        keep(shown=large)
    keep(make_user(BOB), shown=large)


def test_a_gallery_is_listed_newest_first_and_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_store, "MOST_LISTED", 2)
    ada = make_user()
    keep(ada)
    keep(make_user(BOB), in_gallery=True)
    kept = [keep(ada, in_gallery=True, name=f"p{number}") for number in range(3)]
    first = list_gallery(ada.pk)
    assert [photo.pk for photo in first] == [kept[2].pk, kept[1].pk]
    assert [photo.pk for photo in list_gallery(ada.pk, before=first[-1].pk)] == [kept[0].pk]
    assert list_gallery(make_user(BOB).pk, before=first[-1].pk) == []
    found = find_in_gallery(ada.pk, "p1")
    assert found is not None
    assert found.pk == kept[1].pk


def test_photos_go_with_their_person(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ada = make_user()
    keep(ada)
    assert files()
    with django_capture_on_commit_callbacks(execute=True):
        ada.delete()
    assert not files()
