"""A gallery is its person's own; a photo is opened by whoever has its address and is never anything but a picture."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from sessions_app.media.photo_store import keep_photo
from sessions_app.media.pictures import read_photo
from sessions_app.models import Photo
from tests.sessions_app.api.conftest import Ask
from tests.support.images import picture
from tests.support.personas import ADA, BOB, make_user

pytestmark = pytest.mark.django_db
HERE = "http://127.0.0.1:8000"


def keep(email: str = ADA, *, in_gallery: bool = True, name: str = "p1") -> Photo:
    return keep_photo(
        user_pk=make_user(email).pk,
        picture=read_photo(picture("PNG")),
        request_id=name,
        package_name="com.example.cam",
        in_gallery=in_gallery,
    )


def test_a_gallery_shows_its_person_s_photos(ask: Ask) -> None:
    photo = keep()
    keep(BOB)
    keep(in_gallery=False)
    status, body = ask("GET", "/api/gallery")
    assert (status, body["success"]) == (200, True)
    (shown,) = body["photos"]
    assert shown["_id"] == str(photo.pk)
    assert (shown["requestId"], shown["appId"], shown["filename"]) == ("p1", "com.example.cam", photo.name)
    assert shown["uploadDate"].endswith("Z")
    full, small = (Client().get(shown[name].removeprefix(HERE)) for name in ("photoUrl", "thumbnailUrl"))
    assert (full.content, full["Content-Type"]) == (picture("PNG"), "image/png")
    assert small["Content-Type"] == "image/jpeg"


def test_a_long_gallery_is_read_in_parts(ask: Ask) -> None:
    first, second = keep(), keep(name="p2")
    assert [photo["_id"] for photo in ask("GET", f"/api/gallery?before={second.pk}")[1]["photos"]] == [
        str(first.pk)
    ]
    assert ask("GET", "/api/gallery?before=yesterday")[0] == 400


def test_a_photo_cannot_become_a_page() -> None:
    answer = Client().get(f"/uploads/{keep().name}")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"].startswith("private")
    assert Client().post(f"/uploads/{Photo.objects.get().name}").status_code == 405


@pytest.mark.parametrize(
    "name", ["x.jpg", "..", "%2e%2e%2fsecrets.json", "..%5csecrets.json", "a" * 40 + ".png"]
)
def test_other_names_lead_nowhere(name: str) -> None:
    keep()
    assert Client().get(f"/uploads/{name}").status_code == 404


def test_only_its_person_deletes_a_photo(ask: Ask) -> None:
    photo = keep()
    path = f"/api/gallery/{photo.pk}"
    assert ask("DELETE", path, email=BOB)[0] == 403
    assert ask("DELETE", "/api/gallery/1")[0] == 404
    assert ask("DELETE", path, token="nonsense")[0] == 401
    assert ask("DELETE", path) == (200, {"success": True, "message": "Photo deleted successfully"})
    assert ask("DELETE", path)[0] == 404
    assert Client().get(f"/uploads/{photo.name}").status_code == 404


def test_a_photo_that_cannot_be_deleted_now_stays(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = keep()

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(default_storage, "delete", fail)
    assert ask("DELETE", f"/api/gallery/{photo.pk}")[0] == 503
    assert Photo.objects.exists()
