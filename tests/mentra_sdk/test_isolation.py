"""Many sessions of two users, one after the other and at once: nothing of one is left, nothing reaches another."""

import asyncio
import gc
import logging
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.errors import SessionOver
from tests.mentra_sdk.fake_cloud import PACKAGE, AppSocket, FakeCloud, post, shut_down, transcription
from tests.mentra_sdk.stage import Stage
from tests.mentra_sdk.story import attach

USERS = ("ada@example.com", "bob@example.com")
ROUNDS = 60


class Author:
    """An app that uses everything that could outlive a session, and notes what it hears by user."""

    def __init__(self, app: MiniAppServer) -> None:
        self.heard: list[tuple[str, str]] = []
        self.unanswered = 0
        self.sessions: weakref.WeakSet[MentraSession] = weakref.WeakSet()
        app.on_session(self.begin)

    async def begin(self, session: MentraSession) -> None:
        self.sessions.add(session)
        session.transcription.on(lambda said: self.heard.append((session.user_id, said.text)))
        session.mic.on_chunk(self._listen)
        session.settings.on_change(lambda change: self.heard.append((session.user_id, change.value)))
        session.on_stopped(lambda reason: session.display.clear())
        session.device.state.battery_level.on_change(lambda level: None)
        try:
            await session.location.request_update()
        except SessionOver:
            self.unanswered += 1
        await asyncio.Event().wait()

    async def _listen(self, chunk: bytes) -> None:
        await asyncio.Event().wait()


async def live(cloud: FakeCloud, app: MiniAppServer, number: int) -> None:
    """Play one session of each user, from start to end, by the ways a session can end."""
    sockets = [await cloud.start(app, user) for user in USERS]
    for user, socket in zip(USERS, sockets, strict=True):
        await socket.accept(sessionId=f"{user}-{PACKAGE}")
        await socket.next_of("subscription_update")
        await socket.connection.send(bytes(640))
        await socket.send_event("transcription:auto", transcription(f"{user} {number}"))
        await socket.send("settings_update", settings=[{"key": "owner", "value": user}])
        await socket.send_event("button_press", {"buttonId": "nobody listens"})
    await end(app, sockets, number)


async def end(app: MiniAppServer, sockets: list[AppSocket], number: int) -> None:
    for user, socket in zip(USERS, sockets, strict=True):
        if number % 2:
            await socket.send("app_stopped", reason="user_disabled")
        else:
            stop = {"type": "stop_request", "sessionId": f"{user}-{PACKAGE}", "userId": user}
            await Stage(next(one for one in app.sessions if one.user_id == user), socket).settle()
            await post(app, "/webhook", stop)
        await socket.closed()


async def test_after_many_sessions_nothing_is_left_and_nobody_heard_another(
    cloud: FakeCloud, app: MiniAppServer
) -> None:
    author, before = Author(app), asyncio.all_tasks()
    for number in range(ROUNDS):
        await live(cloud, app, number)
    await app.stop()
    if left := asyncio.all_tasks() - before:
        _, running = await asyncio.wait(left, timeout=5)
        assert not running
    gc.collect()
    assert len(author.sessions) == 0
    assert author.unanswered == len(USERS) * ROUNDS
    said = [(user, f"{user} {number}") for user in USERS for number in range(ROUNDS)]
    assert sorted(author.heard) == sorted(said + [(user, user) for user in USERS] * ROUNDS)


def failing(name: str) -> Callable[..., Any]:
    def fail(*_: object) -> None:
        raise ValueError(name)

    return fail


async def test_whatever_an_author_raises_is_logged_with_the_session_and_ends_nothing(
    cloud: FakeCloud, app: MiniAppServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="mentra_sdk")

    @app.on_session
    async def begin(session: MentraSession) -> None:
        session.transcription.on(failing("speech"))
        session.mic.on_chunk(failing("sound"))
        session.on_disconnected(failing("disconnected"))
        session.on_reconnected(failing("reconnected"))
        session.on_stopped(failing("stopped"))
        session.on_settings(failing("settings"))
        session.on_error(failing("error"))
        session.permissions.on_update(failing("permissions"))
        session.device.on_capabilities_change(failing("capabilities"))
        raise ValueError("session")

    app.on_stop(failing("stop"))
    app.on_tool_call(failing("tool"))
    socket = await cloud.start(app)
    await socket.accept()
    await socket.next_of("subscription_update")
    socket.drop()
    socket = await cloud.next_socket()
    await socket.accept("reconnect_ack", capabilities={"modelName": "Mentra Live"})
    await socket.send_event("transcription:auto", transcription("hello"))
    await socket.connection.send(bytes(640))
    await socket.send("settings_update", settings={"permissions": {"camera": True}})
    session = app.sessions[0]
    await Stage(session, socket).settle()
    await post(app, "/tool", {"toolId": "t", "userId": session.user_id})
    assert session.is_connected
    await post(app, "/webhook", {"type": "stop_request", "sessionId": session.session_id})
    raised = [record for record in caplog.records if record.exc_info is not None]
    assert {str(record.exc_info[1]) for record in raised if record.exc_info} == {
        *("session", "speech", "sound", "disconnected", "reconnected", "settings", "error"),
        *("permissions", "capabilities", "tool", "stopped", "stop"),
    }
    assert all(f"[{session.session_id}]" in record.getMessage() for record in raised)


async def test_who_never_ends_a_goodbye_holds_up_neither_the_next_session_nor_the_end(
    cloud: FakeCloud, app: MiniAppServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mentra_sdk.running_sessions.FAREWELL_SECONDS", 0.05)

    async def hang(session: MentraSession, reason: str) -> None:
        await asyncio.Event().wait()

    app.on_stop(hang)
    await attach(cloud, app)
    await attach(cloud, app)
    async with asyncio.timeout(5):
        await shut_down(app)
    assert caplog.text.count("the handler of on_stop was cancelled") == 2
