"""Photos are brought and sounds are got for requests open in one's own session, and for nothing else."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client

from consoles.simulator import errands
from sessions_app.errors import OwnerUnreachable
from sessions_app.media import forms
from sessions_app.models import UserSession
from sessions_app.outbound import owner
from sessions_app.outbound.commands import Destination, FindRequest, Reply
from sessions_app.outbound.guard import OutsideAnswer
from sessions_app.states import SessionState
from tests.consoles.conftest import Browsing
from tests.support.personas import ADA, BOB, make_user

pytestmark = pytest.mark.django_db

PHOTO = "/console/simulator/photo/"
SOUND = "/console/simulator/sound/"
OPEN = {
    ("p1", "photo"): Destination("https://cam.example/photo-upload", "let-me-in"),
    ("a1", "audio"): Destination("https://voice.example/hi.mp3"),
}


@dataclass
class Outside:
    """The rest of the world: what it is asked, what it answers."""

    answer: OutsideAnswer = field(default_factory=lambda: OutsideAnswer(status=200))
    calls: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, url: str, **details: Any) -> OutsideAnswer:
        self.calls.append((method, url))
        self.body, self.headers = details.get("body") or b"", dict(details.get("headers") or {})
        return self.answer


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """The world outside, and a live session of Ada's in which one photo and one sound are open."""
    world = Outside()
    session = UserSession.objects.create(user=make_user(ADA), state=SessionState.ACTIVE, owner="here")

    async def ask(
        session_id: str, command: FindRequest, timeout_seconds: float = 0.0, *, node_id: str
    ) -> Reply:
        assert (session_id, node_id) == (str(session.pk), "here")
        destination = OPEN.get((command.request_id, command.kind))
        return Reply(ok=destination is not None, destination=destination)

    monkeypatch.setattr(owner, "ask", ask)
    monkeypatch.setattr(errands, "call_outside_once", world.call)
    monkeypatch.setattr(forms, "call_outside_once", world.call)
    return world


def picture(content_type: str = "image/jpeg", size: int = 12) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", b"\xff\xd8picture-of"[:size].ljust(size, b"."), content_type)


def test_a_photo_goes_to_the_address_of_the_request_as_from_a_phone(
    browsing: Browsing, outside: Outside
) -> None:
    answer = browsing(ADA).post(PHOTO, {"requestId": "p1", "photo": picture()})
    assert answer.json() == {"success": True}
    assert outside.calls == [("POST", "https://cam.example/photo-upload")]
    assert outside.headers["Authorization"] == "Bearer let-me-in"
    assert outside.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="requestId"\r\n\r\np1\r\n' in outside.body
    assert b'name="type"\r\n\r\nphoto_upload\r\n' in outside.body
    assert b"Content-Type: image/jpeg\r\n\r\n\xff\xd8picture-of" in outside.body


def test_a_failed_photo_is_reported_in_the_form_that_sdks_read(browsing: Browsing, outside: Outside) -> None:
    failure = {"requestId": "p1", "errorCode": "CAMERA_BUSY", "errorMessage": "in use"}
    assert browsing(ADA).post(PHOTO, failure).json() == {"success": True}
    assert b'name="type"\r\n\r\nphoto_error\r\n' in outside.body
    assert b'name="errorCode"\r\n\r\nCAMERA_BUSY\r\n' in outside.body


def test_what_the_page_sends_is_what_a_server_reads(outside: Outside, client: Client) -> None:
    errands.bring_photo(OPEN["p1", "photo"], "p1", forms.PhotoFile(b"dots", "image/png"))
    request = client.post("/", outside.body, content_type=outside.headers["Content-Type"]).wsgi_request
    assert request.POST.dict() == {"requestId": "p1", "type": "photo_upload", "success": "true"}
    (photo,) = cast("list[UploadedFile[Any]]", request.FILES.getlist("photo"))
    assert (photo.read(), photo.name, photo.content_type) == (b"dots", "photo.png", "image/png")


def test_only_open_requests_of_ones_own_session_are_served(browsing: Browsing, outside: Outside) -> None:
    for email, request_id in ((ADA, "p2"), (ADA, "a1"), (ADA, ""), (BOB, "p1")):
        refused = browsing(email).post(PHOTO, {"requestId": request_id, "photo": picture()})
        assert (refused.status_code, refused.json()["success"]) == (404, False)
    for email, request_id in ((ADA, "p1"), (ADA, "a2"), (BOB, "a1")):
        assert browsing(email).get(SOUND, {"requestId": request_id}).status_code == 404
    assert outside.calls == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"photo": picture("text/html")}, 400),
        ({"photo": picture("image/a b")}, 400),
        ({"errorCode": "no such\r\ncode"}, 400),
        ({"photo": picture(size=10 * 1024 * 1024 + 1)}, 413),
    ],
)
def test_what_is_no_photo_is_not_brought(
    browsing: Browsing, outside: Outside, form: dict[str, Any], status: int
) -> None:
    answer = browsing(ADA).post(PHOTO, {"requestId": "p1", **form})
    assert answer.status_code == status
    assert outside.calls == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (OutsideAnswer(status=404), "answered 404 at /photo-upload"),
        (OutsideAnswer(status=302), "answered 302"),
        (OutsideAnswer(problem="nobody listens at cam.example:443"), "nobody listens"),
    ],
)
def test_a_server_that_does_not_take_the_photo_is_named(
    browsing: Browsing, outside: Outside, answer: OutsideAnswer, words: str
) -> None:
    outside.answer = answer
    told = browsing(ADA).post(PHOTO, {"requestId": "p1", "photo": picture()})
    assert told.status_code == 502
    assert words in told.json()["message"]
    assert "let-me-in" not in json.dumps(told.json())


def test_a_sound_is_handed_on_with_its_type(browsing: Browsing, outside: Outside) -> None:
    outside.answer = OutsideAnswer(200, {"Content-Type": "Audio/MPEG; x=y"}, b"tune")
    answer = browsing(ADA).get(SOUND, {"requestId": "a1"})
    assert (answer.content, answer.headers["Content-Type"]) == (b"tune", "audio/mpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert outside.calls == [("GET", "https://voice.example/hi.mp3")]


@pytest.mark.parametrize(
    "answer",
    [
        OutsideAnswer(200, {"Content-Type": "text/html"}, b"<script>"),
        OutsideAnswer(200, {}, b"?"),
        OutsideAnswer(200, {"Content-Type": "audio/mpeg"}, b"long", is_cut=True),
        OutsideAnswer(500),
    ],
)
def test_what_is_no_bearable_sound_is_not_handed_on(
    browsing: Browsing, outside: Outside, answer: OutsideAnswer
) -> None:
    outside.answer = answer
    assert browsing(ADA).get(SOUND, {"requestId": "a1"}).status_code == 502


def test_an_owner_that_does_not_answer_is_no_error_of_the_page(
    browsing: Browsing, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silence(*_: object, **__: object) -> Reply:
        raise OwnerUnreachable("no answer")

    monkeypatch.setattr(owner, "ask", silence)
    assert browsing(ADA).get(SOUND, {"requestId": "a1"}).status_code == 503


def test_strangers_and_forged_requests_get_nothing(client: Client, outside: Outside) -> None:
    assert client.post(PHOTO, {"requestId": "p1"}).status_code == 302
    assert client.get(SOUND, {"requestId": "a1"}).status_code == 302
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(make_user(ADA))
    assert forged.post(PHOTO, {"requestId": "p1", "photo": picture()}).status_code == 403
    assert outside.calls == []
