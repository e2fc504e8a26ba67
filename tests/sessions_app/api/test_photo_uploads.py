"""A photo is brought once, by whoever has the token, and nothing but a photo is kept."""

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sessions_app.media.awaiting import Kind, await_photo
from sessions_app.models import AwaitedPhoto, Photo
from sessions_app.outbound.commands import Reply, SettlePhoto
from tests.sessions_app.api.conftest import AppServers, Ask, Owners, photo_file
from tests.support.images import bomb, picture
from tests.support.personas import ADA, APP_URL, BOB, make_app, make_user

pytestmark = pytest.mark.django_db
UPLOAD = "/api/photos/upload"
CAM = "com.example.cam"


@pytest.fixture
def token(owners: Owners, app_servers: AppServers) -> str:
    """Return a token with which Ada's phone may bring a photo for an app."""
    make_app(CAM, installed_for=[make_user(ADA)])
    return await_photo(
        user_pk=make_user(ADA).pk, kind=Kind.RELAY, request_id="p1", package_name=CAM, in_gallery=True
    )


def bring(token: str, **fields: Any) -> tuple[int, Any]:
    """Bring a photo as the glasses do, which have no account; a field of None is left out."""
    form: dict[str, Any] = {
        "requestId": "p1",
        "type": "photo_upload",
        "success": "true",
        "photo": photo_file(),
    }
    form = {name: value for name, value in (form | fields).items() if value is not None}
    answer = Client().post(f"/api/photos/relay/{token}", form, headers={"authorization": "Bearer of-the-app"})
    return answer.status_code, answer.json()


def test_a_photo_is_kept_passed_on_and_its_asker_told(
    token: str, owners: Owners, app_servers: AppServers
) -> None:
    status, body = bring(token)
    assert (status, body) == (200, {"success": True, "requestId": "p1", "message": "Photo received"})
    photo = Photo.objects.get()
    assert (photo.package_name, photo.in_gallery, photo.user.email) == (CAM, True, ADA)
    ((url, form, headers),) = app_servers.calls
    assert url == f"{APP_URL}/photo-upload"
    assert picture("JPEG", (64, 48)) in form
    assert headers["Authorization"] == "Bearer of-the-app"
    (told,) = owners.asked
    assert isinstance(told, SettlePhoto)
    assert (told.request_id, told.package_name) == ("p1", CAM)
    assert (told.outcome.width, told.outcome.height, told.outcome.saved_to_gallery) == (64, 48, True)
    shown = Client().get(told.outcome.photo_url.removeprefix("http://127.0.0.1:8000"))
    assert shown.content == picture("JPEG", (64, 48))


def test_a_token_is_used_up_by_its_photo(token: str) -> None:
    assert bring(token)[0] == 200
    assert bring(token)[0] == 404
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("wrong", ["", "x", "../upload", "%00", "x" * 3000])
def test_without_the_token_nothing_is_read(token: str, wrong: str) -> None:
    answer = Client().post(f"/api/photos/relay/{wrong}", {"requestId": "p1", "photo": photo_file()})
    assert answer.status_code in (401, 404, 405)
    assert not Photo.objects.exists()


def test_a_token_whose_time_is_over_is_as_good_as_none(token: str) -> None:
    AwaitedPhoto.objects.update(expires_at=timezone.now())
    assert bring(token)[0] == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"photo": photo_file(b"<html><script>alert(1)</script>")}, 400),
        ({"photo": photo_file(b"<svg onload='alert(1)'/>", "x.svg", "image/svg+xml")}, 400),
        ({"photo": photo_file(bomb(), "bomb.png", "image/png")}, 400),
        ({"photo": photo_file(bytes(10 * 1024 * 1024 + 1))}, 413),
        ({"photo": photo_file(bytes(11 * 1024 * 1024))}, 413),
        ({"photo": None}, 400),
        ({"requestId": None}, 400),
        ({"requestId": "p2"}, 404),
    ],
    ids=["html", "svg", "bomb", "large", "larger", "nothing", "no id", "other id"],
)
def test_what_is_no_photo_is_refused_and_may_be_brought_again(
    token: str, owners: Owners, app_servers: AppServers, fields: dict[str, Any], status: int
) -> None:
    for file in fields.values():
        if isinstance(file, SimpleUploadedFile):
            file.seek(0)
    code, body = bring(token, **fields)
    assert (code, body["success"]) == (status, False)
    assert body["error"]
    assert not owners.asked
    assert not app_servers.calls
    assert bring(token)[0] == 200


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.jpg", "..\\..\\x.php", "/etc/x.jpg", "a\0b.jpg", "x.html"]
)
def test_the_name_of_an_upload_is_nobody_s_business(token: str, name: str) -> None:
    assert bring(token, photo=photo_file(name=name))[0] == 200
    photo = Photo.objects.get()
    assert photo.name.removesuffix(".jpg").isalnum()
    assert default_storage.exists(f"uploads/{photo.name}")


def test_an_error_of_the_glasses_is_told(token: str, owners: Owners, app_servers: AppServers) -> None:
    error = {"type": "photo_error", "success": "false", "errorCode": "BLE_LOST", "errorMessage": "gone"}
    assert bring(token, photo=None, **error)[0] == 200
    (told,) = owners.asked
    assert isinstance(told, SettlePhoto)
    assert told.outcome.error is not None
    assert (told.outcome.error.code, told.outcome.error.message) == ("BLE_LOST", "gone")
    assert bring(token)[0] == 404


def test_a_photo_that_comes_too_late_for_its_asker_is_still_passed_on(
    token: str, owners: Owners, app_servers: AppServers
) -> None:
    owners.reply = Reply(ok=False, code="NOT_OPEN", message="Nobody waits for this photo")
    assert bring(token)[0] == 200
    assert len(app_servers.calls) == 1


def test_an_app_that_was_removed_gets_nothing(token: str, app_servers: AppServers) -> None:
    make_user(ADA).installations.all().delete()
    assert bring(token)[0] == 200
    assert not app_servers.calls


def test_a_full_or_absent_storage_is_said_and_the_token_kept(
    token: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PHOTO_QUOTA_MB = 0
    assert bring(token)[0] == 507
    settings.PHOTO_QUOTA_MB = 1

    def fail(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as storage:
        storage.setattr(default_storage, "save", fail)
        assert bring(token)[0] == 503
    assert bring(token)[0] == 200


def own(file: SimpleUploadedFile | None = None, metadata: Any = None) -> dict[str, Any]:
    form: dict[str, Any] = {"metadata": json.dumps({"requestId": "s1"}) if metadata is None else metadata}
    return form if file is None else {**form, "file": file}


def test_a_photo_of_one_s_own_goes_into_the_gallery_once(ask: Ask, owners: Owners) -> None:
    await_photo(user_pk=make_user(ADA).pk, kind=Kind.BUTTON, request_id="s1")
    status, body = ask("POST", UPLOAD, form=own(photo_file()))
    assert (status, body["success"], body["requestId"]) == (200, True, "s1")
    assert ask("POST", UPLOAD, form=own(photo_file()))[1]["photoUrl"] == body["photoUrl"]
    photo = Photo.objects.get()
    assert (photo.in_gallery, photo.package_name) == (True, "")
    assert AwaitedPhoto.objects.get().photo == photo
    # An app whose request has this id is told, too.
    told = owners.asked[0]
    assert isinstance(told, SettlePhoto)
    assert told.outcome.photo_url == body["photoUrl"]


@pytest.mark.parametrize("metadata", ["", "{", "[]", "{}", '{"requestId":7}', '{"requestId":""}', "[" * 9000])
def test_metadata_that_names_no_request_is_refused(ask: Ask, owners: Owners, metadata: str) -> None:
    status, body = ask("POST", UPLOAD, form=own(photo_file(), metadata))
    assert status == 400
    assert body["error"]


def test_an_upload_needs_a_file_a_session_and_a_token(ask: Ask, owners: Owners) -> None:
    assert ask("POST", UPLOAD, form=own())[0] == 400
    assert ask("POST", UPLOAD, form=own(photo_file(b"text")))[0] == 400
    assert ask("POST", UPLOAD, form=own(photo_file()), email=BOB)[0] == 404
    assert ask("POST", UPLOAD, form=own(photo_file()), token="nonsense")[0] == 401
    assert not Photo.objects.exists()


def test_the_token_of_the_request_is_as_good_as_one_s_own_until_it_is_used(ask: Ask, owners: Owners) -> None:
    token = await_photo(user_pk=make_user(ADA).pk, kind=Kind.BUTTON, request_id="s1")
    other = json.dumps({"requestId": "s2"})
    assert ask("POST", UPLOAD, form=own(photo_file(), other), token=token)[0] == 404
    assert ask("POST", UPLOAD, form=own(photo_file()), token=token)[0] == 200
    assert ask("POST", UPLOAD, form=own(photo_file()), token=token)[0] == 401
    assert Photo.objects.get().user.email == ADA


@pytest.mark.parametrize("kind", [Kind.RELAY, Kind.GLASSES, Kind.PHONE])
def test_tokens_for_other_places_are_good_for_nothing_here(ask: Ask, owners: Owners, kind: Kind) -> None:
    token = await_photo(user_pk=make_user(ADA).pk, kind=kind, request_id="s1")
    assert ask("POST", UPLOAD, form=own(photo_file()), token=token)[0] == 401
