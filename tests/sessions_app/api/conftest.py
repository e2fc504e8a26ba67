"""What the REST of phones needs around it: owners that answer, app servers that are called, people with tokens."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sessions_app.media import forms
from sessions_app.outbound import owner
from sessions_app.outbound.commands import DONE, AnyCommand, Reply
from sessions_app.outbound.guard import OutsideAnswer
from tests.support.images import picture
from tests.support.personas import ADA, make_token, make_user
from tests.support.sessions import connect_phone


@dataclass
class Owners:
    """The owner of each session: what it is asked, what it replies."""

    reply: Reply = DONE
    asked: list[AnyCommand] = field(default_factory=list)


@dataclass
class AppServers:
    """The servers of apps: what they are sent, what they answer."""

    status: int = 404
    calls: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)


Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def owners(monkeypatch: pytest.MonkeyPatch) -> Owners:
    """Ada's phone is connected, and the owner of her session answers."""
    known = Owners()
    connect_phone(make_user(ADA))

    async def ask(
        session_id: str, command: AnyCommand, timeout_seconds: float = 0.0, *, node_id: str
    ) -> Reply:
        known.asked.append(command)
        return known.reply

    monkeypatch.setattr(owner, "ask", ask)
    return known


@pytest.fixture
def app_servers(monkeypatch: pytest.MonkeyPatch) -> AppServers:
    """Keep what app servers are sent."""
    known = AppServers()

    def call(method: str, url: str, *, body: bytes, headers: dict[str, str], **_: Any) -> OutsideAnswer:
        known.calls.append((url, body, dict(headers)))
        return OutsideAnswer(status=known.status)

    monkeypatch.setattr(forms, "call_outside_once", call)
    return known


@pytest.fixture
def ask() -> Ask:
    """Send a request as Ada, as somebody else, or with a token; JSON unless `form` is given."""

    def request(
        method: str,
        path: str,
        body: Any = None,
        *,
        form: Any = None,
        email: str = ADA,
        token: str | None = None,
    ) -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {make_token(email) if token is None else token}"}
        client = Client()
        if form is not None:
            answer = client.post(path, form, headers=headers)
        else:
            answer = client.generic(
                method, path, b"" if body is None else _dump(body), "application/json", headers=headers
            )
        return answer.status_code, answer.json()

    return request


def _dump(body: Any) -> bytes:

    return json.dumps(body).encode()


def photo_file(
    data: bytes | None = None, name: str = "photo.jpg", content_type: str = "image/jpeg"
) -> SimpleUploadedFile:
    """Return a small JPEG as a phone sends it, or other bytes under that name."""
    return SimpleUploadedFile(name, picture("JPEG", (64, 48)) if data is None else data, content_type)
