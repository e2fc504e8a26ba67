"""What glasses bring by themselves waits here until their phone has fetched it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client
from django.utils import timezone

from accounts.models import User
from sessions_app.media.gallery_files import FOLDER
from sessions_app.media.glasses_gallery import forget_expired_items
from sessions_app.models import GalleryItem
from tests.sessions_app.api.conftest import Ask
from tests.support.images import picture
from tests.support.personas import ADA, BOB, make_token, make_user

pytestmark = pytest.mark.django_db
PLACE = "/api/client/asg/gallery"
PHOTO = picture("JPEG", (64, 48))
FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
TAKEN = "2026-01-02T03:04:05.678Z"


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Forget what limits counted and other tests stored."""
    cache.clear()
    for name in stored_files():
        default_storage.delete(f"{FOLDER}/{name}")


def image(data: bytes = PHOTO, mime_type: str = "image/jpeg", **fields: Any) -> dict[str, Any]:
    """Return the form by which glasses bring a picture."""
    said = {"filename": "IMG_1.jpg", "capturedAt": "1767323045678", **fields}
    return {**said, "file": SimpleUploadedFile("IMG_1.jpg", data, mime_type)}


def film(**fields: Any) -> dict[str, Any]:
    """Return what glasses say of a film they are about to bring."""
    said = {"filename": "VID_1.mp4", "mimeType": "video/mp4", "sizeBytes": len(FILM), "capturedAt": TAKEN}
    return {**said, **fields}


def put(address: str, body: bytes = FILM) -> int:
    """Bring a film and return the status."""
    return Client().put(urlsplit(address).path, body, "video/mp4").status_code


def address_of_film(ask: Ask, **fields: Any) -> tuple[str, str]:
    """Ask where a film may be brought; return its id and the address."""
    status, body = ask("POST", f"{PLACE}/video-upload-url", film(**fields))
    assert (status, body["success"]) == (200, True), body
    return body["data"]["id"], body["data"]["uploadUrl"]


def fetch(address: str) -> tuple[int, bytes, dict[str, str]]:
    """Get a file from outside, as servers serve it."""

    async def read() -> tuple[int, bytes, dict[str, str]]:
        answer: Any = await AsyncClient().get(urlsplit(address).path)
        if not answer.streaming:
            return answer.status_code, answer.content, dict(answer.headers)
        pieces = [piece async for piece in answer.streaming_content]
        return answer.status_code, b"".join(pieces), dict(answer.headers)

    return asyncio.run(read())


def stored_files() -> list[str]:
    """Return the names of the files of glasses that are in the storage."""
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


@pytest.mark.django_db(transaction=True)
def test_a_picture_waits_until_the_phone_has_it(ask: Ask) -> None:
    make_user(ADA)
    metadata = '{"width": 64, "height": 48}'
    status, body = ask("POST", f"{PLACE}/upload", form=image(deviceId="ml-7", metadata=metadata))
    assert (status, body["success"]) == (200, True)
    again = ask("POST", f"{PLACE}/upload", form=image())[1]
    assert again["data"] == body["data"]

    status, waiting = ask("GET", f"{PLACE}/pending?limit=50")
    assert (status, waiting["data"]["pendingCount"], waiting["data"]["pendingTotalBytes"]) == (
        200,
        1,
        len(PHOTO),
    )
    (item,) = waiting["data"]["items"]
    expected = {"type": "image", "filename": "IMG_1.jpg", "mimeType": "image/jpeg", "sizeBytes": len(PHOTO)}
    assert expected.items() <= item.items()
    assert (item["capturedAt"], item["metadata"]) == ("2026-01-02T03:04:05.678Z", {"width": 64, "height": 48})
    status, data, headers = fetch(item["downloadUrl"])
    assert (status, data) == (200, PHOTO)
    assert headers["Content-Disposition"] == 'attachment; filename="IMG_1.jpg"'
    assert headers["X-Content-Type-Options"] == "nosniff"

    assert (
        ask("POST", f"{PLACE}/mark-synced", {"ids": [item["id"]]}, email=BOB)[1]["data"]["syncedCount"] == 0
    )
    synced = ask("POST", f"{PLACE}/mark-synced", {"ids": [item["id"], "nonsense", str(item["id"])]})[1]
    assert synced["data"]["syncedCount"] == 1
    assert ask("GET", f"{PLACE}/pending")[1]["data"]["items"] == []
    assert fetch(item["downloadUrl"])[0] == 404
    assert stored_files() == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (image(b"GIF89a", "image/gif"), 415),
        (image(PHOTO, "image/png"), 415),
        (image(FILM, "video/mp4"), 415),
        (image(b"", "image/jpeg"), 415),
        (image(capturedAt="yesterday"), 400),
        (image(capturedAt="9" * 19), 400),
        (image(filename=""), 400),
        (image(PHOTO + bytes(20 * 1024 * 1024)), 413),
    ],
)
def test_what_is_no_picture_is_not_kept(ask: Ask, form: dict[str, Any], status: int) -> None:
    answered, body = ask("POST", f"{PLACE}/upload", form=form)
    assert (answered, body["success"]) == (status, False)
    assert isinstance(body["error"], str)
    assert not GalleryItem.objects.exists()


@pytest.mark.parametrize(
    ("head", "mime_type"),
    [
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypmif1", "image/heif"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
    ],
)
def test_pictures_of_other_kinds_are_kept(ask: Ask, head: bytes, mime_type: str) -> None:
    assert ask("POST", f"{PLACE}/upload", form=image(head + bytes(100), mime_type))[0] == 200


@pytest.mark.django_db(transaction=True)
def test_a_film_is_brought_once_and_waits_when_that_is_said(ask: Ask) -> None:
    make_user(ADA)
    item_id, address = address_of_film(ask)
    complete = {"id": item_id}
    assert ask("POST", f"{PLACE}/video-upload-complete", complete)[0] == 409
    assert put(address) == 200
    assert put(address) == 404
    assert ask("GET", f"{PLACE}/pending")[1]["data"]["pendingCount"] == 0
    assert ask("POST", f"{PLACE}/video-upload-complete", complete, email=BOB)[0] == 404
    for _ in range(2):
        status, body = ask("POST", f"{PLACE}/video-upload-complete", complete)
        assert (status, body["data"]) == (200, {"id": item_id, "status": "pending"})
    (item,) = ask("GET", f"{PLACE}/pending?type=video")[1]["data"]["items"]
    assert ask("GET", f"{PLACE}/pending?type=image")[1]["data"]["items"] == []
    assert fetch(item["downloadUrl"])[1] == FILM

    assert ask("DELETE", f"{PLACE}/{item_id}", email=BOB)[0] == 404
    assert ask("DELETE", f"{PLACE}/{item_id}")[0] == 200
    assert ask("DELETE", f"{PLACE}/{item_id}")[0] == 404
    assert stored_files() == []


@pytest.mark.parametrize("body", [FILM + b"x", FILM[:-1], b"<html>" + FILM[6:]])
def test_a_film_is_what_was_announced_and_may_be_brought_again(ask: Ask, body: bytes) -> None:
    _, address = address_of_film(ask)
    assert put(address, body) == 400
    assert stored_files() == []
    assert put(address) == 200


def test_a_new_address_ends_the_one_before_and_each_ends_in_time(ask: Ask) -> None:
    item_id, first = address_of_film(ask)
    again, second = address_of_film(ask)
    assert again == item_id
    assert put(first) == 404
    GalleryItem.objects.update(upload_until=timezone.now() - timedelta(seconds=1))
    assert put(second) == 404
    assert put("http://cloud.example/api/client/asg/gallery/uploads/nonsense") == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"mimeType": "video/avi"}, 415),
        ({"mimeType": "image/jpeg"}, 415),
        ({"sizeBytes": 2048 * 1024 * 1024 + 1}, 413),
        ({"sizeBytes": 0}, 400),
        ({"filename": None}, 400),
    ],
)
def test_a_film_that_is_not_taken_gets_no_address(ask: Ask, fields: dict[str, Any], status: int) -> None:
    answered, body = ask("POST", f"{PLACE}/video-upload-url", film(**fields))
    assert (answered, body["success"]) == (status, False)


def test_what_waits_for_one_phone_has_a_bound(ask: Ask, settings: Any) -> None:
    settings.GLASSES_GALLERY_QUOTA_MB = 1
    status, body = ask("POST", f"{PLACE}/video-upload-url", film(sizeBytes=1024 * 1024 + 1))
    assert (status, body["success"]) == (507, False)
    assert ask("POST", f"{PLACE}/video-upload-url", film(sizeBytes=1024 * 1024))[0] == 200
    assert ask("POST", f"{PLACE}/upload", form=image())[0] == 507


def test_a_long_list_comes_in_parts(ask: Ask) -> None:
    for number in range(5):
        ask(
            "POST",
            f"{PLACE}/upload",
            form=image(filename=f"{number}.jpg", capturedAt=str(1767323045678 - number)),
        )
    names, cursor = [], ""
    for _ in range(3):
        data = ask("GET", f"{PLACE}/pending?limit=2&cursor={cursor}")[1]["data"]
        assert data["pendingCount"] == 5
        names += [item["filename"] for item in data["items"]]
        cursor = data.get("cursor", "")
    assert names == ["4.jpg", "3.jpg", "2.jpg", "1.jpg", "0.jpg"]
    assert cursor == ""


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "pending?type=sound", None),
        ("GET", "pending?cursor=x", None),
        ("GET", "pending?cursor=00000000-0000-0000-0000-000000000001", None),
        ("POST", "mark-synced", {"ids": []}),
        ("POST", "mark-synced", {"ids": ["x"] * 101}),
        ("POST", "mark-synced", {}),
        ("POST", "video-upload-complete", {"id": "x"}),
    ],
)
def test_what_cannot_be_asked_is_refused(ask: Ask, method: str, path: str, body: Any) -> None:
    status, answer = ask(method, f"{PLACE}/{path}", body)
    assert (status, answer["success"]) == (400, False)


def test_what_nobody_fetches_goes_in_time(ask: Ask) -> None:
    ask("POST", f"{PLACE}/upload", form=image())
    address_of_film(ask)
    assert forget_expired_items(now=timezone.now()) == 0
    assert forget_expired_items(now=timezone.now() + timedelta(hours=3)) == 1
    assert forget_expired_items(now=timezone.now() + timedelta(days=31)) == 1
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_files_go_with_their_person(ask: Ask) -> None:
    ask("POST", f"{PLACE}/upload", form=image())
    assert len(stored_files()) == 1
    User.objects.get(email=ADA).delete()
    assert stored_files() == []


def test_a_storage_that_signs_addresses_takes_films_itself(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    signed: list[tuple[str, dict[str, Any], int]] = []

    class Signer:
        """What boto3 calls a client."""

        def generate_presigned_url(self, method: str, Params: dict[str, Any], ExpiresIn: int) -> str:  # noqa: N803 - boto3's names
            signed.append((method, Params, ExpiresIn))
            return "https://bucket.example/signed"

    class Bucket:
        """What boto3 calls a bucket."""

        name = "ours"
        meta = type("Meta", (), {"client": Signer()})

    from sessions_app.media import gallery_files

    storage = type("S3", (), {"bucket": Bucket(), "location": "cloud", **_files_of(FILM)})()
    monkeypatch.setattr(gallery_files, "default_storage", storage)
    item_id, address = address_of_film(ask)
    assert address == "https://bucket.example/signed"
    name = GalleryItem.objects.get().name
    params = {
        "Bucket": "ours",
        "Key": f"cloud/glasses/{name}",
        "ContentType": "video/mp4",
        "ContentLength": len(FILM),
    }
    assert signed == [("put_object", params, 3600)]
    assert ask("POST", f"{PLACE}/video-upload-complete", {"id": item_id})[0] == 200


def _files_of(data: bytes) -> dict[str, Callable[..., Any]]:
    return {"exists": lambda self, path: True, "size": lambda self, path: len(data)}


def test_a_strangers_token_opens_nothing() -> None:
    headers = {"authorization": "Bearer nonsense"}
    assert Client().get(f"{PLACE}/pending", headers=headers).status_code == 401
    assert make_token(ADA)
