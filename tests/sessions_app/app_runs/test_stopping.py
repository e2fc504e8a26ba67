"""Each family learns of a stop in the order that makes it report the reason once (README decision 19)."""

import asyncio

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codes import StopReason
from sessions_app.protocol.families import Family
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.support.fake_clock import FakeClock
from tests.support.runtime import PACKAGE, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]


async def test_sdk_2_gets_message_and_webhook_together_then_the_close(
    session: Session, servers: PlayedServers
) -> None:
    runtime, phone, _ = session
    _, link = seat_app(runtime, make_facts(), Family.A)
    assert await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "by hand")
    assert link.of_type("app_stopped")[0]["reason"] == "user_disabled"
    assert servers.kinds() == ["StopRequest"]
    assert link.closed == (1000, "App stopped")
    assert phone.of_type("app_stopped")[0]["packageName"] == PACKAGE
    assert runtime.apps.find(PACKAGE) is None


async def test_sdk_3_gets_the_webhook_once_it_has_closed(session: Session, servers: PlayedServers) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.C)
    stopping = asyncio.create_task(runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "by hand"))
    await link.arrived.wait()
    assert link.of_type("app_stopped")
    assert not servers.calls
    link.is_open = False
    runtime.apps.detach(PACKAGE, link.connection, "peer closed")
    await stopping
    assert servers.kinds() == ["StopRequest"]


async def test_an_app_without_a_socket_gets_the_webhook(session: Session, servers: PlayedServers) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.C)
    runtime.apps.detach(PACKAGE, link.connection, "network")
    await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "by hand")
    assert servers.kinds() == ["StopRequest"]
    assert not link.of_type("app_stopped")


async def test_stopping_twice_is_stopping_once(session: Session, servers: PlayedServers) -> None:
    runtime, _, _ = session
    seat_app(runtime, make_facts(), Family.A)
    stops = [runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "by hand") for _ in range(3)]
    assert await asyncio.gather(*stops) == [True, True, True]
    assert servers.kinds() == ["StopRequest"]
    assert not await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "by hand")


async def test_an_app_that_ends_with_its_session_keeps_its_place(
    session: Session, servers: PlayedServers
) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.A)
    _, other = seat_app(runtime, make_facts(package="com.example.other"), Family.A)
    runtime.upkeep.journal.writes.clear()  # type: ignore[attr-defined]
    await runtime.apps.stop_all(StopReason.SYSTEM_STOP, "over")
    assert link.closed == other.closed == (1000, "User session ended")
    written = {name for name, _, _ in runtime.upkeep.journal.writes}  # type: ignore[attr-defined]
    assert "mark_running" not in written


async def test_nothing_of_a_stopped_app_is_heard_or_shown(session: Session, servers: PlayedServers) -> None:
    runtime, _, clock = session
    seat_app(runtime, make_facts("MICROPHONE"), Family.A, "button_press", "audio_chunk")
    await runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "by hand")
    assert not runtime.ears.relay.wants("button_press")
    clock.advance(20.0)
    assert runtime.audio.microphone.need.enabled is False
