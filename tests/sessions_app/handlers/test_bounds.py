"""What a peer can make a session keep or do is bounded, and what is too much is answered."""

import asyncio
import json

import pytest

from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.upkeep import MOST_TASKS
from sessions_app.phone.data import MOST_KEPT_CHARACTERS
from sessions_app.protocol.families import Family
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
PADDING = "x" * MOST_KEPT_CHARACTERS


async def test_starts_and_stops_without_end_are_answered(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, phone, _ = session
    for_ever = asyncio.Event()
    monkeypatch.setattr(type(runtime.apps), "start", lambda *_: for_ever.wait())
    for number in range(MOST_TASKS + 2):
        dispatch_from_glasses(runtime, f'{{"type":"start_app","packageName":"app{number}"}}')
    dispatch_from_glasses(runtime, '{"type":"stop_app","packageName":"app1"}')

    errors = phone.of_type("websocket_error")
    assert len(errors) == 3
    assert all(error["error"].startswith("RATE_LIMITED: ") for error in errors)
    await runtime.upkeep.close()
    assert not runtime.upkeep.is_busy


@pytest.mark.parametrize(
    "config",
    [
        {"vocabulary": ["word"] * 1_001},
        {"vocabulary": ["x" * 201]},
        {"languageHints": ["de"] * 101},
        {"vocabulary": ["x" * 1_000_000]},
    ],
)
async def test_a_huge_wish_for_recognition_is_refused_and_not_kept(
    session: Session, config: dict[str, list[str]]
) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, json.dumps({"type": "transcription_config", **config}))

    assert [error["code"] for error in link.of_type("tpa_connection_error")] == ["MALFORMED_MESSAGE"]
    assert seat.transcription_config is None


async def test_huge_reports_of_a_phone_are_passed_on_but_not_kept(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(
        runtime, make_facts("LOCATION", "CALENDAR"), Family.C, "location_update", "calendar_event"
    )
    for report in (
        {"type": "location_update", "lat": 1.5, "lng": 2.5, "x": PADDING},
        {"type": "calendar_event", "eventId": "e1", "title": PADDING, "dtStart": "2026-01-02T03:04:05Z"},
        {"type": "glasses_battery_update", "level": 50, "x": PADDING},
    ):
        dispatch_from_glasses(runtime, json.dumps(report))

    assert len(link.of_type("data_stream")) == 2
    assert runtime.data.last_location == runtime.data.last_battery == ""
    assert not runtime.data.calendar
