"""The page of live video: the media server, who is live, and what to do when there is none."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sessions_app.media_servers import looking
from sessions_app.media_servers.server import InputState, MediaServerError
from sessions_app.models import CameraStream, PhoneInput
from sessions_app.states import StreamKind, StreamState
from tests.support.media_server import QUIET, MemoryMediaServer
from tests.support.personas import ADA, BOB, DORA, make_user
from tests.support.sessions import connect_phone

PAGE = "/admin/live-video/"
SINCE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> MemoryMediaServer:
    settings.MEDIA_SERVER = "local"
    fake = MemoryMediaServer(name="local")
    monkeypatch.setattr(looking, "media_server", lambda: fake)
    return fake


def text_of(operator: Client, path: str = PAGE) -> str:
    answer = operator.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_media_server_the_page_says_how_to_get_one(operator: Client, settings: Settings) -> None:
    settings.MEDIA_SERVER = ""
    text = text_of(operator)
    assert "There is no media server" in text
    assert "up --media" in text


def test_inputs_are_shown_with_who_uses_them(operator: Client, server: MemoryMediaServer) -> None:
    PhoneInput.objects.create(user=make_user(ADA), input_id="11111111-rest")
    CameraStream.objects.create(
        session_id=connect_phone(make_user(BOB)).ref.session_id,
        stream_id="m1",
        kind=next(iter(StreamKind)),
        state=next(iter(StreamState)),
        owner="com.example.tv",
        input_id="22222222",
        started_at=timezone.now(),
    )
    server.inputs = {
        "11111111-rest": InputState(True, True, SINCE, None, 3),
        "22222222": InputState(True, False, SINCE, None, None),
        "33333333": QUIET,
        "44444444": InputState(False, False, None, SINCE, None),
    }
    text = text_of(operator, f"{PAGE}now/")
    for part in ("11111111", "live", "2026-01-02 03:04:05", f"{ADA}, by their phone", ">3<"):
        assert part in text, part
    for part in ("22222222", "begins", f"{BOB}, for com.example.tv", "waits", "ended", "nobody any more"):
        assert part in text, part
    assert "11111111-rest" not in text
    assert "<html" not in text


def test_a_server_nobody_uses_is_well(operator: Client, server: MemoryMediaServer) -> None:
    assert "The media server (local) answers" in text_of(operator)


def test_a_server_that_is_away_says_why(operator: Client, server: MemoryMediaServer) -> None:
    server.failure = MediaServerError("UNAVAILABLE", "the media server cannot be reached")
    assert "the media server cannot be reached" in text_of(operator)


def test_an_input_that_cannot_be_asked_for_is_unknown(
    operator: Client, server: MemoryMediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(input_id: str) -> InputState:
        raise MediaServerError("NOT_FOUND", "There is no such live input")

    server.inputs = {"55555555": QUIET}
    monkeypatch.setattr(server, "state", gone)
    assert "input-unknown" in text_of(operator)


def test_secrets_are_not_shown(operator: Client, server: MemoryMediaServer, settings: Settings) -> None:
    settings.MEDIA_SERVER_SECRET = "shared-and-secret"
    text = text_of(operator)
    assert "MEDIA_SERVER_URL" in text
    assert "shared-and-secret" not in text


@pytest.mark.parametrize("path", ["", "now/"])
def test_others_are_refused(client: Client, db: None, path: str) -> None:
    client.force_login(make_user(DORA))
    assert client.get(PAGE + path, follow=True).status_code == 403
