"""What is noted of the calls and the socket of an app, and for whom."""

import asyncio

import pytest

from sessions_app.app_runs import runs
from sessions_app.app_runs.inspecting import call_entry
from sessions_app.app_runs.seat import Surroundings
from sessions_app.app_runs.starting import Startable
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.errors import RefusedStart
from sessions_app.handlers.dispatch import dispatch_from_app
from sessions_app.handlers.internal import carry_out
from sessions_app.inspection.entries import CallEntry, Frame
from sessions_app.inspection.problems import CallProblem
from sessions_app.inspection.recorder import Tap
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import RecordingChanged
from sessions_app.outbound.guard import Failure
from sessions_app.protocol.codes import StopReason
from sessions_app.states import RunState
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.support.fake_clock import START, FakeClock
from tests.support.runtime import PACKAGE, RecordingLink, RecordingRecorder, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]


@pytest.fixture
def noted(session: Session) -> list[CallEntry]:
    """Return the calls that were noted, as they come."""
    return recorder_of(session[0]).calls


@pytest.fixture
def recorded(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the user be a developer of every app."""

    async def load(around: Surroundings, package_name: str) -> Startable:
        return Startable(make_facts(package=package_name), is_recorded=True)

    monkeypatch.setattr(runs, "load_startable", load)


def recorder_of(runtime: SessionRuntime) -> RecordingRecorder:
    recorder = runtime.apps._around.recorder  # noqa: SLF001 - what the session was built with
    assert isinstance(recorder, RecordingRecorder)
    return recorder


def frames_of(runtime: SessionRuntime, package: str = PACKAGE) -> list[Frame]:
    seat = runtime.apps.find(package)
    assert seat is not None
    assert isinstance(seat.tap, Tap)
    return seat.tap.take()


async def test_each_attempt_of_a_start_is_noted_with_its_number(
    session: Session, servers: PlayedServers, recorded: None, noted: list[CallEntry]
) -> None:
    runtime, _, clock = session
    servers.answers = [HookAnswer(503), HookAnswer(404)]
    starting = asyncio.create_task(runtime.apps.start(PACKAGE))
    await clock.pass_time(10)
    with pytest.raises(RefusedStart):
        await starting
    assert [(call.kind, call.attempt, call.attempts, call.problem) for call in noted] == [
        ("session_request", 1, 2, "SERVER_ERROR"),
        ("session_request", 2, 2, "NO_SUCH_PATH"),
    ]
    assert noted[0].whose is not None
    assert (noted[0].whose.user_pk, noted[0].whose.app_id) == (1, 1)


async def test_calls_for_strangers_name_nobody(
    session: Session, servers: PlayedServers, noted: list[CallEntry]
) -> None:
    runtime, _, _ = session
    seat_app(runtime, make_facts())
    await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "stopped")
    [call] = noted
    assert (call.kind, call.whose, call.status) == ("stop_request", None, 200)


async def test_what_passes_is_noted_in_both_directions(session: Session) -> None:
    runtime, _, _ = session
    seat, _ = seat_app(runtime, make_facts("MICROPHONE"))
    runtime.apps.record(seat, is_recorded=True)
    dispatch_from_app(runtime, seat, '{"type":"subscription_update","subscriptions":["audio_chunk"]}')
    dispatch_from_app(runtime, seat, "no JSON")
    noted = [(frame.direction, frame.text.split(",")[0]) for frame in frames_of(runtime)]
    assert ("in", '{"type":"subscription_update"') in noted
    assert ("in", "no JSON") in noted
    assert ("out", '{"type":"tpa_connection_error"') in noted


async def test_nothing_of_a_strangers_session_is_noted(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    dispatch_from_app(runtime, seat, "no JSON")
    assert (seat.tap, link.tap) == (None, None)
    assert recorder_of(runtime).taps == []


async def test_a_session_under_way_follows_its_persons_choice(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    for is_recorded in (True, False):
        reply = await carry_out(runtime, RecordingChanged(PACKAGE, is_recorded))
        assert reply.ok
        assert (seat.tap is not None, link.tap is not None) == (is_recorded, is_recorded)
    assert (await carry_out(runtime, RecordingChanged("com.example.other", True))).ok


async def test_a_session_that_leaves_this_node_is_noted_by_its_next_owner_only(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts())
    runtime.apps.record(seat, is_recorded=True)
    assert link.tap is not None
    runtime.apps.close()
    assert link.tap is None


async def test_an_adopted_app_is_recorded_as_it_was(session: Session) -> None:
    runtime, _, _ = session
    seat = runtime.apps.adopt(make_facts(), RunState.GRACE_PERIOD, is_recorded=True)
    assert seat.tap is not None


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (HookAnswer(200), ""),
        (HookAnswer(302), CallProblem.REDIRECT),
        (HookAnswer(None, "late", failure=Failure.TIMED_OUT), CallProblem.TIMED_OUT),
        (HookAnswer(None, "its turn did not come"), CallProblem.HELD_BACK),
        (HookAnswer(None, "the app was removed", is_refusal=True), CallProblem.MAY_NOT_RUN),
    ],
)
def test_every_end_of_a_call_has_its_code(answer: HookAnswer, problem: str) -> None:
    assert call_entry(1, None, "session_request", answer, at=START).problem == problem


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_of_a_call_has_a_code(failure: Failure) -> None:
    answer = HookAnswer(None, "why", failure=failure)
    assert call_entry(1, None, "stop_request", answer, at=START).problem in set(CallProblem)
