"""Apps that understand it are asked for their logs, and bring them over their socket or by REST."""

import json
from typing import Any

import pytest

from sessions_app.handlers import senders
from sessions_app.handlers.dispatch import dispatch_from_app
from sessions_app.handlers.from_apps import telemetry as answers
from sessions_app.handlers.telemetry import FAMILY_SHOWS_SECONDS, ask_for_telemetry
from sessions_app.incidents.tokens import UploadGrant, read_upload_token
from sessions_app.lifecycle.errands import errands
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.messaging.allowances import Allowances
from sessions_app.outbound.commands import AskForTelemetry
from sessions_app.protocol.families import Family
from tests.support.fake_clock import FakeClock
from tests.support.runtime import USER, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
COMMAND = AskForTelemetry("i1", 600_000)


async def test_only_those_who_understand_it_are_asked(session: Session) -> None:
    runtime, _, clock = session
    links = {
        family: seat_app(runtime, make_facts(package=f"com.example.{family}"), family)[1] for family in Family
    }
    clock.advance(FAMILY_SHOWS_SECONDS)
    await ask_for_telemetry(runtime, COMMAND)
    clock.advance(FAMILY_SHOWS_SECONDS)
    asked = {family: link.of_type("request_telemetry") for family, link in links.items()}
    assert (asked[Family.A], asked[Family.C]) == ([], [])
    (request,) = asked[Family.B]
    assert (request["incidentId"], request["windowMs"]) == ("i1", 600_000)
    assert read_upload_token(request["uploadToken"]) == UploadGrant("i1", "com.example.B", USER)


async def test_an_app_that_shows_its_family_later_is_asked_then(session: Session) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts(), Family.A)
    await ask_for_telemetry(runtime, COMMAND)
    dispatch_from_app(runtime, seat, '{"type":"ping"}')
    assert not link.of_type("request_telemetry")
    clock.advance(FAMILY_SHOWS_SECONDS)
    assert len(link.of_type("request_telemetry")) == 1


@pytest.mark.parametrize("logs", ["text", None, {"a": 1}])
async def test_an_answer_without_lines_is_refused(
    session: Session, monkeypatch: pytest.MonkeyPatch, logs: Any
) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    monkeypatch.setattr(senders, "allowances", Allowances())

    async def tell(session_id: str, package_name: str, text: str) -> None:
        link.send_text(text)

    monkeypatch.setattr(senders, "tell", tell)
    dispatch_from_app(
        runtime, seat, json.dumps({"type": "telemetry_response", "incidentId": "i1", "logs": logs})
    )
    await errands.finish(5)
    (error,) = link.of_type("tpa_connection_error")
    assert (error["code"], error["message"]) == ("MALFORMED_MESSAGE", answers.NO_LINES.message)
