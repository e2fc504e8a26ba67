"""What a phone is told when it configures its sound; that it is heard in that form is a scenario."""

import json
from typing import Any

import pytest
from django.test import Client

from sessions_app.outbound import owner
from sessions_app.outbound.commands import DONE, AnyCommand, ConfigureAudio, Reply
from tests.support.personas import ADA, make_token, make_user
from tests.support.sessions import connect_phone

pytestmark = pytest.mark.django_db
PATH = "/api/client/audio/configure"
LC3 = {"sampleRate": 16000, "frameDurationMs": 10, "frameSizeBytes": 60}


def _configure(body: Any, token: str | None = None) -> tuple[int, Any]:
    headers = {"authorization": f"Bearer {make_token(ADA) if token is None else token}"}
    answer = Client().post(PATH, json.dumps(body), "application/json", headers=headers)
    return answer.status_code, answer.json()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, AnyCommand]]:
    """Let owners of sessions do what they are asked, and tell what that was."""
    commands: list[tuple[str, AnyCommand]] = []

    async def answer(
        session_id: str, command: AnyCommand, timeout_seconds: float = 0, *, node_id: str = ""
    ) -> Reply:
        commands.append((session_id, command))
        return DONE

    monkeypatch.setattr(owner, "ask", answer)
    return commands


def test_the_owner_of_the_session_is_told(asked: list[tuple[str, AnyCommand]]) -> None:
    session_id = connect_phone(make_user(ADA)).ref.session_id
    status, body = _configure({"format": "lc3", "lc3Config": LC3})
    assert (status, body["success"], body["format"], body["lc3Config"]) == (200, True, "lc3", LC3)
    assert body["timestamp"].endswith("Z")
    assert asked == [(session_id, ConfigureAudio(60))]


def test_pcm_needs_no_numbers(asked: list[tuple[str, AnyCommand]]) -> None:
    connect_phone(make_user(ADA))
    status, body = _configure({"format": "pcm"})
    assert (status, body["format"]) == (200, "pcm")
    assert "lc3Config" not in body


def test_odd_numbers_are_answered_with_those_that_count(asked: list[tuple[str, AnyCommand]]) -> None:
    connect_phone(make_user(ADA))
    _, body = _configure({"format": "lc3", "lc3Config": {"sampleRate": "x", "frameSizeBytes": 33}})
    assert body["lc3Config"] == {"sampleRate": 16000, "frameDurationMs": 10, "frameSizeBytes": 20}


@pytest.mark.parametrize("body", [{}, {"format": "opus"}, {"format": "lc3", "lc3Config": 7}, []])
def test_what_cannot_be_is_refused(body: Any) -> None:
    status, answer = _configure(body)
    assert status == 400
    assert answer["error"]


def test_without_a_session_the_phone_is_to_reconnect() -> None:
    status, body = _configure({"format": "pcm"})
    assert (status, body["error"]) == (503, "NO_ACTIVE_SESSION")


def test_without_a_token_nothing_is_said() -> None:
    assert _configure({"format": "pcm"}, token="nonsense")[0] == 401
