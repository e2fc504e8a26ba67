"""What is wrong with a message to other users is told at once, coded, and the socket stays open."""

import asyncio
import json
from typing import Any

import pytest

from sessions_app.handlers import senders
from sessions_app.handlers.dispatch import dispatch_from_app
from sessions_app.handlers.from_apps import messages
from sessions_app.lifecycle.errands import Errands, errands
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.messaging.allowances import Allowances
from sessions_app.messaging.rules import NOT_ACTIVE, Refusal
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]


@pytest.fixture
async def app(session: Session, monkeypatch: pytest.MonkeyPatch) -> tuple[SessionRuntime, Any, RecordingLink]:
    """An app in a session of this process, whose allowance is untouched."""
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    monkeypatch.setattr(senders, "allowances", Allowances())

    async def tell(session_id: str, package_name: str, text: str) -> None:
        link.send_text(text)

    monkeypatch.setattr(senders, "tell", tell)
    return runtime, seat, link


async def test_too_many_direct_messages_are_refused_by_their_own_answer(
    app: tuple[SessionRuntime, Any, RecordingLink], monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, seat, link = app

    async def reach(package_name: str, user_id: str, text: str) -> Refusal | None:
        return NOT_ACTIVE if user_id == "nobody" else None

    monkeypatch.setattr(messages, "reach", reach)
    for number in range(62):
        said = {
            "type": "app_direct_message",
            "targetUserId": "nobody",
            "payload": 1,
            "messageId": f"m{number}",
        }
        dispatch_from_app(runtime, seat, json.dumps(said))
    await errands.finish(5)
    answers = {
        each["messageId"]: each["error"].split(":")[0] for each in link.of_type("app_direct_message_response")
    }
    assert len(answers) == 62
    assert [number for number in range(62) if answers[f"m{number}"] == "RATE_LIMITED"] == [60, 61]
    assert answers["m0"] == "USER_NOT_ACTIVE"
    assert link.is_open


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"type": "app_broadcast_message", "payload": "x" * 40_000, "messageId": "m"}, "MESSAGE_TOO_LARGE"),
        ({"type": "app_room_join", "roomId": " "}, "MALFORMED_MESSAGE"),
        ({"type": "app_room_leave", "roomId": "r" * 101}, "MALFORMED_MESSAGE"),
    ],
)
async def test_what_cannot_be_is_answered_with_a_code(
    app: tuple[SessionRuntime, Any, RecordingLink], said: dict[str, Any], code: str
) -> None:
    runtime, seat, link = app
    dispatch_from_app(runtime, seat, json.dumps(said))
    await errands.finish(5)
    (error,) = link.of_type("tpa_connection_error")
    assert (error["code"], error.get("requestId")) == (code, said.get("messageId"))


async def test_errands_of_a_line_keep_their_order_and_a_failed_one_stops_nobody() -> None:
    done: list[int] = []
    line = Errands()

    async def fail() -> None:
        raise RuntimeError("no")

    async def slow(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    assert line.run("a", lambda: slow(1))
    assert line.run("a", fail)
    assert line.run("a", lambda: slow(2), most_waiting=3)
    assert not line.run("a", lambda: slow(3), most_waiting=3)
    assert line.run("b", lambda: slow(4))
    await line.finish(5)
    assert sorted(done) == [1, 2, 4]
    assert done.index(1) < done.index(2)
    assert len(line) == 0
