"""An app is started once for all who ask, and the socket decides whether it worked (lifecycle §5)."""

import asyncio
from typing import cast

import pytest

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake, RunEvent
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.errors import RefusedStart
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.families import Family
from sessions_app.states import RunState
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.support.fake_clock import FakeClock
from tests.support.runtime import PACKAGE, RecordingJournal, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]


def _connect(runtime: SessionRuntime, package: str = PACKAGE) -> RecordingLink:
    link = RecordingLink()
    hello = Hello(Handshake.INIT, make_facts(package=package), key_id=1, family=Family.A, sdk_version="")
    runtime.apps.attach(package, link, hello)
    return link


async def test_an_app_runs_when_its_socket_arrives(session: Session, servers: PlayedServers) -> None:
    runtime, phone, _ = session
    starting = asyncio.create_task(runtime.apps.start(PACKAGE))
    await servers.called.wait()
    assert [seat.package_name for seat in runtime.apps.loading()] == [PACKAGE]
    link = _connect(runtime)
    await starting
    assert [message["type"] for message in link.sent] == ["tpa_connection_ack", "device_state_update"]
    assert phone.of_type("app_started")[0]["packageName"] == PACKAGE
    assert phone.of_type("display_event")[0]["layout"]["title"] == "// MentraOS - Starting App"


async def test_a_start_forgets_what_the_app_wanted_when_it_last_ran(
    session: Session, servers: PlayedServers
) -> None:
    """An app that was given up leaves its subscriptions in its row; the next owner would take them for its own."""
    runtime, _, _ = session
    starting = asyncio.create_task(runtime.apps.start(PACKAGE))
    await servers.called.wait()
    _connect(runtime)
    await starting
    journal = cast(RecordingJournal, runtime.upkeep.journal)
    changes = next(kept["changes"] for _, _, kept in journal.writes if kept.get("cause") is RunEvent.START)
    assert (changes["subscriptions"], changes["transcription_config"]) == ([], None)


async def test_everybody_who_asks_meanwhile_shares_one_attempt(
    session: Session, servers: PlayedServers
) -> None:
    runtime, _, _ = session
    starts = [asyncio.create_task(runtime.apps.start(PACKAGE)) for _ in range(20)]
    await servers.called.wait()
    _connect(runtime)
    await asyncio.gather(*starts)
    assert servers.kinds() == ["SessionRequest"]


async def test_a_running_app_is_not_started_again(session: Session, servers: PlayedServers) -> None:
    runtime, _, _ = session
    seat_app(runtime, make_facts())
    await runtime.apps.start(PACKAGE)
    assert not servers.calls


async def test_a_refused_webhook_ends_the_start_with_its_stage(
    session: Session, servers: PlayedServers
) -> None:
    runtime, phone, _ = session
    servers.answers = [HookAnswer(404)]
    with pytest.raises(RefusedStart) as refusal:
        await runtime.apps.start(PACKAGE)
    assert refusal.value.stage == "WEBHOOK"
    assert servers.kinds() == ["SessionRequest"]
    assert runtime.apps.find(PACKAGE) is None
    assert phone.of_type("app_stopped")


async def test_a_wrong_key_is_named_as_the_reason(session: Session, servers: PlayedServers) -> None:
    runtime, _, _ = session
    servers.answers = [HookAnswer(404)]
    servers.gate.clear()
    starting = asyncio.create_task(runtime.apps.start(PACKAGE))
    await servers.called.wait()
    seat = runtime.apps.find(PACKAGE)
    assert seat is not None
    seat.refusal = "The API key is not valid for this app"
    servers.gate.set()
    with pytest.raises(RefusedStart) as refusal:
        await starting
    assert refusal.value.stage == "AUTHENTICATION"


async def test_a_failing_answer_after_the_socket_changes_nothing(
    session: Session, servers: PlayedServers
) -> None:
    runtime, _, _ = session
    servers.answers = [HookAnswer(500)]
    servers.gate.clear()
    starting = asyncio.create_task(runtime.apps.start(PACKAGE))
    await servers.called.wait()
    _connect(runtime)
    servers.gate.set()
    await starting
    assert runtime.apps.present()[0].state is RunState.RUNNING


async def test_what_is_not_installed_is_not_tried(session: Session, servers: PlayedServers) -> None:
    runtime, _, _ = session
    with pytest.raises(RefusedStart) as refusal:
        await runtime.apps.start("com.example.missing")
    assert refusal.value.stage == "NOT_FOUND"
    assert not servers.calls


async def test_one_foreground_app_makes_way_for_the_next(session: Session, servers: PlayedServers) -> None:
    runtime, _, _ = session
    first = make_facts(package="com.example.standard.one", app_type="standard")
    _, link = seat_app(runtime, first, Family.A)
    _, background = seat_app(runtime, make_facts(package="com.example.notes"), Family.A)
    starting = asyncio.create_task(runtime.apps.start("com.example.standard.two"))
    await servers.wait_called("SessionRequest")
    _connect(runtime, "com.example.standard.two")
    await starting
    assert link.of_type("app_stopped")[0]["reason"] == "system_stop"
    assert link.closed == (1000, "App stopped")
    assert background.is_open
    running = {seat.package_name for seat in runtime.apps.present()}
    assert running == {"com.example.notes", "com.example.standard.two"}


async def test_a_stop_calls_a_start_off(session: Session, servers: PlayedServers) -> None:
    runtime, _, _ = session
    starting = asyncio.create_task(runtime.apps.start(PACKAGE))
    await servers.called.wait()
    await runtime.apps.stop(PACKAGE, "user_disabled", "no")  # type: ignore[arg-type]
    with pytest.raises(RefusedStart):
        await starting
    assert runtime.apps.find(PACKAGE) is None
