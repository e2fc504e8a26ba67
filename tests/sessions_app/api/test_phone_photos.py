"""Phones say what became of photos by REST, and have the glasses take some for apps of their own."""

from typing import Any

import pytest
from django.test import Client

from sessions_app.models import Photo
from sessions_app.outbound.commands import Reply, SettlePhoto, TakePhoto
from tests.sessions_app.api.conftest import AppServers, Ask, Owners, photo_file
from tests.support.personas import BOB

pytestmark = pytest.mark.django_db
RESPONSE = "/api/client/photo/response"
REQUEST = "/api/client/miniapp-photo/request"
LOCAL = "com.example.local"


def test_a_photo_that_was_taken_is_told_to_the_owner(ask: Ask, owners: Owners) -> None:
    said = {
        "requestId": "p1",
        "success": True,
        "photoUrl": "https://app.example/p.jpg",
        "savedToGallery": False,
    }
    status, body = ask("POST", RESPONSE, said)
    assert (status, body["success"], body["message"]) == (200, True, "Photo response processed")
    assert body["timestamp"].endswith("Z")
    (told,) = owners.asked
    assert isinstance(told, SettlePhoto)
    assert (told.request_id, told.package_name, told.outcome.error) == ("p1", "", None)
    assert (told.outcome.photo_url, told.outcome.saved_to_gallery) == ("https://app.example/p.jpg", False)


def test_a_photo_that_failed_is_told_with_its_code(ask: Ask, owners: Owners) -> None:
    said = {"requestId": "p1", "success": False, "errorCode": "CAMERA_BUSY", "errorMessage": "camera in use"}
    assert ask("POST", RESPONSE, said)[0] == 200
    (told,) = owners.asked
    assert isinstance(told, SettlePhoto)
    assert told.outcome.error is not None
    assert (told.outcome.error.code, told.outcome.error.message) == ("CAMERA_BUSY", "camera in use")


def test_an_answer_that_nobody_waits_for_is_no_error_of_the_phone(ask: Ask, owners: Owners) -> None:
    owners.reply = Reply(ok=False, code="NOT_OPEN")
    assert ask("POST", RESPONSE, {"requestId": "p1", "success": True})[0] == 200


def test_an_answer_without_an_id_or_session_is_refused(ask: Ask, owners: Owners) -> None:
    assert ask("POST", RESPONSE, {"success": True})[0] == 400
    status, body = ask("POST", RESPONSE, {"requestId": "p1", "success": True}, email=BOB)
    assert (status, body["error"]) == (503, "NO_ACTIVE_SESSION")
    assert ask("POST", REQUEST, {"packageName": LOCAL}, email=BOB)[0] == 503


def test_the_glasses_take_a_photo_for_an_app_on_the_phone(
    ask: Ask, owners: Owners, app_servers: AppServers
) -> None:
    wish = {"requestId": "p/1", "packageName": LOCAL, "size": "full", "saveToGallery": True}
    assert ask("POST", REQUEST, wish) == (200, {"accepted": True, "requestId": "p/1"})
    (asked,) = owners.asked
    assert isinstance(asked, TakePhoto)
    assert (asked.size, asked.compress, asked.sound, asked.save_to_gallery) == ("full", "none", True, True)
    path = asked.upload_url.removeprefix("http://127.0.0.1:8000")
    assert path == "/api/client/miniapp-photo/upload/p%2F1"


def upload(asked: Any, form: Any = None, query: str = "", token: str | None = None) -> tuple[int, Any]:
    path = asked.upload_url.removeprefix("http://127.0.0.1:8000")
    headers = {"authorization": f"Bearer {asked.token if token is None else token}"}
    answer = Client().post(f"{path}{query}", form or {}, headers=headers)
    return answer.status_code, answer.json()


@pytest.fixture
def asked(ask: Ask, owners: Owners) -> TakePhoto:
    """What the owner was asked for an app on Ada's phone."""
    assert ask("POST", "/api/client/miniapp-sdk-photo/request", {"packageName": LOCAL})[0] == 200
    command = owners.asked.pop()
    assert isinstance(command, TakePhoto)
    return command


def test_the_phone_hears_where_the_photo_is(asked: TakePhoto, owners: Owners) -> None:
    assert upload(asked, {"photo": photo_file()}) == (200, {"ok": True})
    (told,) = owners.asked
    assert isinstance(told, SettlePhoto)
    assert told.package_name == f"phone:{LOCAL}"
    photo = Photo.objects.get()
    assert told.outcome.photo_url.endswith(photo.name)
    assert (told.outcome.mime_type, told.outcome.size) == ("image/jpeg", photo.size)
    assert upload(asked, {"photo": photo_file()}) == (409, {"error": "already_resolved"})


def test_the_phone_hears_why_there_is_no_photo(asked: TakePhoto, owners: Owners) -> None:
    assert upload(asked, query="?error=BLE_LOST")[0] == 200
    (told,) = owners.asked
    assert isinstance(told, SettlePhoto)
    assert told.outcome.error is not None
    assert told.outcome.error.code == "BLE_LOST"


def test_an_upload_needs_a_photo_and_its_own_token(asked: TakePhoto, ask: Ask, owners: Owners) -> None:
    assert upload(asked)[0] == 400
    assert upload(asked, {"photo": photo_file(b"text")})[0] == 400
    assert upload(asked, {"photo": photo_file()}, token="nonsense")[0] == 401
    ask("POST", REQUEST, {"packageName": LOCAL})
    other = owners.asked.pop()
    assert isinstance(other, TakePhoto)
    assert upload(asked, {"photo": photo_file()}, token=other.token)[0] == 404
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    ("code", "status"),
    [("GLASSES_DISCONNECTED", 503), ("STALE_CONNECTION", 503), ("CAMERA_BUSY", 409), ("RATE_LIMITED", 429)],
)
def test_what_is_not_there_is_named(ask: Ask, owners: Owners, code: str, status: int) -> None:
    owners.reply = Reply(ok=False, code=code, message="It is not there")
    assert ask("POST", REQUEST, {"packageName": LOCAL}) == (
        status,
        {"error": code, "message": "It is not there"},
    )


@pytest.mark.parametrize("wrong", [{}, {"packageName": LOCAL, "size": "huge"}, []])
def test_a_wish_that_makes_no_sense_is_refused(ask: Ask, owners: Owners, wrong: Any) -> None:
    assert ask("POST", REQUEST, wrong)[0] == 400
