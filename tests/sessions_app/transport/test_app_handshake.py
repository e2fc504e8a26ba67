"""An app that cannot be seated in time is told so: SDK 2 has given up by then (app-socket §3.3, P-22)."""

import asyncio
import json
from typing import Any

import pytest

from sessions_app.transport import app_handshake
from sessions_app.transport.app_handshake import AppHandshake
from sessions_app.transport.app_seating import SeatSearch
from sessions_app.transport.links import LocalLink

INIT = {
    "type": "tpa_connection_init",
    "sessionId": "ada@example.com-com.example.app",
    "packageName": "com.example.app",
    "apiKey": "key",
}


async def test_an_ack_that_would_come_too_late_is_a_close(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    closed = asyncio.Event()
    frames = [{"type": "websocket.receive", "text": json.dumps(INIT)}]

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)
        if event["type"] == "websocket.close":
            closed.set()

    async def receive() -> dict[str, Any]:
        if frames:
            return frames.pop()
        await closed.wait()
        return {"type": "websocket.disconnect", "code": 1011}

    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(app_handshake, "ACK_DEADLINE_SECONDS", 0.01)
    monkeypatch.setattr(SeatSearch, "find", hang)
    await AppHandshake({"headers": []}, LocalLink(send), receive).run()

    said, close = sent
    assert json.loads(said["text"])["type"] == "tpa_connection_error"
    assert (close["type"], close["code"]) == ("websocket.close", 1011)


def test_the_deadline_is_before_that_of_the_sdk() -> None:
    assert app_handshake.ACK_DEADLINE_SECONDS < 5
