"""A phone takes a photo by itself, brings it and learns where it can be opened."""

import threading
from typing import Any

import pytest
from django.test import Client

from sessions_app.api import own_photos
from sessions_app.models import AwaitedPhoto, Photo
from tests.sessions_app.api.conftest import Ask, photo_file
from tests.support.personas import BOB

pytestmark = pytest.mark.django_db
REQUEST = "/api/v2/client/photo/request"
HERE = "http://127.0.0.1:8000"


@pytest.fixture
def awaited(ask: Ask) -> Any:
    """Return what the phone was answered when it announced a photo."""
    status, body = ask("POST", REQUEST, {"packageName": "com.example.local"})
    assert status == 200
    return body


def upload(awaited: Any, form: Any = None, query: str = "") -> tuple[int, Any]:
    headers = {"authorization": f"Bearer {awaited['uploadToken']}"}
    answer = Client().post(f"{awaited['uploadUrl'].removeprefix(HERE)}{query}", form or {}, headers=headers)
    return answer.status_code, answer.json()


def path_of(awaited: Any) -> str:
    return f"/api/v2/client/photo/{awaited['requestId']}"


def test_a_photo_is_brought_and_had(ask: Ask, awaited: Any) -> None:
    assert awaited["uploadUrl"] == f"{HERE}/api/v2/client/photo/upload/{awaited['requestId']}"
    assert upload(awaited, {"photo": photo_file()}) == (200, {"ok": True})
    status, body = ask("GET", path_of(awaited))
    photo = Photo.objects.get()
    assert (status, body["mimeType"], body["size"]) == (200, "image/jpeg", photo.size)
    assert Client().get(body["photoUrl"].removeprefix(HERE)).status_code == 200
    assert upload(awaited, {"photo": photo_file()}) == (409, {"error": "already_resolved"})


def test_whoever_waits_is_told_when_it_comes(ask: Ask, awaited: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            assert upload(awaited, {"photo": photo_file()})[0] == 200

    monkeypatch.setattr("sessions_app.api.own_photos.time.sleep", sleep)
    assert ask("GET", path_of(awaited))[0] == 200
    assert len(looks) == 2


def test_what_does_not_come_is_said_to_be_late(
    ask: Ask, awaited: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_photos, "POLL_SECONDS", 0.0)
    assert ask("GET", path_of(awaited)) == (408, {"error": "timeout"})


def test_what_failed_is_said_to_have_failed(ask: Ask, awaited: Any) -> None:
    assert upload(awaited, query="?error=camera")[0] == 200
    status, body = ask("GET", path_of(awaited))
    assert status == 502
    assert "camera" in body["error"]


def test_nobody_else_hears_of_it(ask: Ask, awaited: Any) -> None:
    upload(awaited, {"photo": photo_file()})
    for method in ("GET", "DELETE"):
        assert ask(method, path_of(awaited), email=BOB)[0] == 404
        assert ask(method, "/api/v2/client/photo/none")[0] == 404


def test_a_photo_may_be_forgotten(ask: Ask, awaited: Any) -> None:
    upload(awaited, {"photo": photo_file()})
    assert ask("DELETE", path_of(awaited)) == (200, {"ok": True})
    assert not Photo.objects.exists()
    assert not AwaitedPhoto.objects.exists()
    assert ask("GET", path_of(awaited))[0] == 404


def test_many_who_wait_do_not_take_all_threads(
    ask: Ask, awaited: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(own_photos, "_places", taken)
    assert ask("GET", path_of(awaited))[0] == 429
