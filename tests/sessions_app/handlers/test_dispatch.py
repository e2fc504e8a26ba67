"""Whatever a peer sends, it is handled or answered, and its socket stays open (P-1)."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions_app.handlers.dispatch import dispatch_from_app, dispatch_from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.families import Family
from sessions_app.protocol.permissions import PermissionType
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink, make_facts, seat_app
from tests.support.samples import Sample, list_samples

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
EVERYTHING = tuple(PermissionType)


@pytest.mark.parametrize("sample", list_samples("glasses_to_cloud"), ids=lambda sample: sample.name)
async def test_every_message_of_a_phone_is_handled_quietly(
    session: Session, sample: Sample, caplog: pytest.LogCaptureFixture
) -> None:
    runtime, phone, _ = session
    seat_app(runtime, make_facts(*EVERYTHING), Family.B, "all")
    dispatch_from_glasses(runtime, sample.text)
    assert not phone.of_type("websocket_error")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert phone.is_open


@pytest.mark.parametrize("sample", list_samples("app_to_cloud"), ids=lambda sample: sample.name)
@pytest.mark.parametrize("family", Family)
async def test_every_message_of_an_app_is_handled_quietly(
    session: Session, sample: Sample, family: Family, caplog: pytest.LogCaptureFixture
) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts(*EVERYTHING), family)
    dispatch_from_app(runtime, seat, sample.text)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert link.is_open
    codes = {error["code"] for error in link.of_type("tpa_connection_error")}
    assert codes <= {"NOT_SUPPORTED", "MALFORMED_MESSAGE"}


@given(frame=st.one_of(st.text(), st.binary().map(lambda data: data.decode("latin-1"))))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
async def test_no_frame_of_a_phone_closes_its_socket(session: Session, frame: str) -> None:
    runtime, phone, _ = session
    dispatch_from_glasses(runtime, frame)
    assert phone.is_open


@pytest.mark.parametrize(
    "frame", ["", "{", "[]", "null", '{"type":5}', '{"type":"start_app"}', "[" * 100_000]
)
async def test_a_malformed_frame_is_answered_and_the_next_one_works(session: Session, frame: str) -> None:
    runtime, phone, _ = session
    dispatch_from_glasses(runtime, frame)
    assert phone.of_type("websocket_error")[0]["error"].startswith("MALFORMED_MESSAGE")
    dispatch_from_glasses(runtime, '{"type":"ping"}')
    assert phone.of_type("pong")


@pytest.mark.parametrize("frame", ["", "{", '{"type":5}', '{"type":"display_event"}'])
async def test_a_malformed_frame_of_an_app_is_answered(session: Session, frame: str) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, frame)
    assert link.of_type("tpa_connection_error")[0]["code"] == "MALFORMED_MESSAGE"
    dispatch_from_app(runtime, seat, '{"type":"ping"}')
    assert link.of_type("pong")


async def test_a_handler_that_fails_is_answered_and_the_socket_stays(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, phone, _ = session
    seat, link = seat_app(runtime, make_facts())
    monkeypatch.setattr(type(runtime.screen), "request", lambda *_: 1 / 0)
    dispatch_from_app(runtime, seat, '{"type":"display_event","layout":{"layoutType":"clear_view"}}')
    assert link.of_type("tpa_connection_error")[0]["code"] == "INTERNAL_ERROR"
    assert link.is_open
    assert phone.is_open


async def test_a_message_nobody_declared_reaches_who_subscribed_to_it(session: Session) -> None:
    runtime, phone, _ = session
    _, link = seat_app(runtime, make_facts(), Family.C, "custom_sensor")
    raw = '{"type":"custom_sensor",  "value": 1.50}'
    dispatch_from_glasses(runtime, raw)
    delivered = link.of_type("data_stream")[0]
    assert delivered["streamType"] == "custom_sensor"
    assert delivered["data"] == {"type": "custom_sensor", "value": 1.5}
    assert not phone.sent or not phone.of_type("websocket_error")


async def test_an_undeclared_message_cannot_pose_as_a_protected_stream(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(*EVERYTHING), Family.C, "audio_chunk", "transcription:auto")
    for kind in ("audio_chunk", "transcription", "translation"):
        dispatch_from_glasses(runtime, f'{{"type":"{kind}","text":"forged"}}')
    assert not link.of_type("data_stream")


async def test_only_a_pinging_app_is_taken_for_family_b(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts(), Family.A)
    dispatch_from_app(runtime, seat, '{"type":"ping"}')
    assert seat.family is Family.B
    assert link.of_type("pong")
