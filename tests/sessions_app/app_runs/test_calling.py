"""The start webhook is sent until a socket arrives, by the schedule and never beside a socket (lifecycle §4)."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError

from apps_registry.selectors import AppAddress
from sessions_app.app_runs.pacing import RESURRECTION_DELAYS_SECONDS
from sessions_app.app_runs.rules import RunEvent
from sessions_app.app_runs.services import confirm_ownership
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.errors import RefusedStart
from sessions_app.protocol.codes import StopReason
from sessions_app.states import RunState
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.sessions_app.app_runs.played_outage import (
    BAD_GATEWAY,
    GRACE_SECONDS,
    HANGS,
    OK,
    REFUSED,
    UNAVAILABLE,
    OutageStage,
)
from tests.support.runtime import APP_SECRET, APP_URL, PACKAGE

LAST_POINT = RESURRECTION_DELAYS_SECONDS[-1]


@pytest.fixture
async def stage(servers: PlayedServers, monkeypatch: pytest.MonkeyPatch) -> OutageStage:
    """One user whose app runs; delays without jitter."""
    monkeypatch.setattr(random, "random", lambda: 0.5)
    return OutageStage(monkeypatch)


def rolling_restart(elapsed: float) -> HookAnswer:
    """Nobody listens, then the proxy finds no server, then the server is not ready; well after 30 s."""
    if elapsed < 8:
        return REFUSED
    if elapsed < 18:
        return BAD_GATEWAY
    return UNAVAILABLE if elapsed < 30 else OK


async def test_half_a_minute_without_a_server_is_bridged(stage: OutageStage) -> None:
    stage.server.answer = rolling_restart
    stage.server.on_accepted = stage.connect
    await stage.lose_sockets()
    assert stage.state() is RunState.RESURRECTING
    await stage.clock.pass_time(40)

    assert stage.times() == pytest.approx([0, 2, 5, 10, 20, 35])
    assert stage.state() is RunState.RUNNING
    assert [key.raw for key in stage.seat.keys] == ["button_press"]
    assert stage.phone.sent == []
    await stage.clock.pass_time(600)
    assert len(stage.times()) == 6


async def test_a_server_that_stays_away_is_given_up_after_the_schedule(stage: OutageStage) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(LAST_POINT - 1)
    assert stage.state() is RunState.RESURRECTING
    await stage.clock.pass_time(600)

    assert stage.times() == pytest.approx(RESURRECTION_DELAYS_SECONDS)
    assert stage.state() is RunState.STOPPED
    assert [message["type"] for message in stage.phone.sent][:1] == ["app_stopped"]


async def test_every_delay_is_jittered_on_its_own(
    stage: OutageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "random", iter([0.5, 0, 1, 0, 1, 0, 1, 0]).__next__)
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(200)
    assert stage.times() == pytest.approx([0, 1.6, 6, 8, 24, 28, 66, 72])


async def test_a_call_that_hangs_over_two_points_is_followed_by_one(stage: OutageStage) -> None:
    stage.server.answer = lambda _: HANGS
    await stage.lose_sockets()
    await stage.clock.pass_time(40)
    assert stage.times() == pytest.approx([0, 6, 12, 20, 35])


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured(stage: OutageStage, status: int) -> None:
    stage.server.answer = lambda at: OK if at >= 12 else HookAnswer(status, retry_after_seconds=12)
    stage.server.on_accepted = stage.connect
    await stage.lose_sockets()
    await stage.clock.pass_time(60)
    assert stage.times() == pytest.approx([0, 12])


async def test_what_retry_after_skipped_is_not_made_up_for(stage: OutageStage) -> None:
    stage.server.answer = lambda at: HookAnswer(503, retry_after_seconds=25 if at == 0 else None)
    await stage.lose_sockets()
    await stage.clock.pass_time(200)
    assert stage.times() == pytest.approx([0, 25, 35, 55, 90])


async def test_a_refusal_is_final(stage: OutageStage) -> None:
    stage.server.answer = lambda _: HookAnswer(404)
    await stage.lose_sockets()
    await stage.clock.pass_time(200)
    assert len(stage.times()) == 1
    assert stage.state() is RunState.STOPPED


async def test_a_server_that_accepted_is_not_called_again_while_its_socket_may_come(
    stage: OutageStage,
) -> None:
    await stage.lose_sockets()
    await stage.clock.pass_time(9)
    assert len(stage.times()) == 1
    await stage.clock.pass_time(200)
    assert stage.times() == pytest.approx([0, 10, 20, 35, 55, 90])
    assert stage.state() is RunState.STOPPED


@pytest.mark.parametrize("moment", [0.0, 1.0, 2.0, 4.9, 20.0, 34.0, 89.0])
async def test_a_socket_at_any_moment_ends_the_calls(stage: OutageStage, moment: float) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(moment)
    stage.connect(stage.users[0])
    calls = len(stage.times())
    await stage.clock.pass_time(300)
    assert len(stage.times()) == calls
    assert stage.state() is RunState.RUNNING
    assert stage.phone.sent == []


@pytest.mark.parametrize("before", [True, False])
async def test_a_socket_at_the_very_moment_of_a_call_ends_the_calls(stage: OutageStage, before: bool) -> None:
    """The timer of an attempt and the socket fall into one turn of the event loop, in either order."""
    stage.server.answer = lambda _: REFUSED

    def arrive() -> None:
        stage.connect(stage.users[0])

    if before:
        stage.clock.call_later(GRACE_SECONDS + 2.0, arrive)
    await stage.lose_sockets()
    await stage.clock.pass_time(1)
    if not before:
        stage.clock.call_later(1.0, arrive)
    await stage.clock.pass_time(100)
    assert len(stage.times()) == 1
    assert stage.state() is RunState.RUNNING


async def test_a_second_loss_begins_the_schedule_anew(stage: OutageStage) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(3)
    stage.connect(stage.users[0])
    stage.server.calls.clear()
    await stage.lose_sockets()
    await stage.clock.pass_time(21)
    assert stage.times() == pytest.approx([0, 2, 5, 10, 20])


async def test_a_stop_ends_the_calls(stage: OutageStage) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(3)
    await stage.runtime.apps.stop(PACKAGE, StopReason.USER_DISABLED, "enough")
    await stage.clock.pass_time(300)
    assert len(stage.times()) == 2


async def test_an_app_that_was_moved_meanwhile_is_called_where_it_is_now(
    stage: OutageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = "http://127.0.0.1:10"
    _answer_address(stage, lambda at: AppAddress(APP_URL if at < 5 else there, (APP_SECRET,), ""))
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(11)
    assert [call.url for call in stage.server.calls] == [APP_URL, APP_URL, there, there]
    assert stage.seat.facts.public_url == there


@pytest.mark.parametrize(
    "address", [None, AppAddress(APP_URL, (APP_SECRET,), "the app is no longer available")]
)
async def test_an_app_that_may_not_run_any_more_is_not_called(
    stage: OutageStage, address: AppAddress | None
) -> None:
    _answer_address(stage, lambda at: AppAddress(APP_URL, (APP_SECRET,), "") if at < 5 else address)
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(100)
    assert stage.times() == pytest.approx([0, 2])
    assert stage.state() is RunState.STOPPED


async def test_a_node_that_lost_the_session_calls_nobody(
    stage: OutageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a node that was cut off: the grace period ends on it as it ends on the new owner."""
    _have_another_owner(stage, monkeypatch)
    await stage.lose_sockets()
    await stage.clock.pass_time(100)
    assert stage.times() == []
    assert stage.state() is RunState.RESURRECTING
    assert not stage.phone.of_type("app_stopped")


async def test_a_session_lost_between_two_calls_ends_them(
    stage: OutageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(3)
    _have_another_owner(stage, monkeypatch)
    await stage.clock.pass_time(100)
    assert stage.times() == pytest.approx([0, 2])
    assert stage.state() is RunState.RESURRECTING


def _have_another_owner(stage: OutageStage, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = stage.runtime.upkeep.journal
    write = journal.write

    def refuse(work: Callable[..., object], *args: object, **kwargs: object) -> asyncio.Future[bool]:
        stored = write(work, *args, **kwargs)
        if work is not confirm_ownership:
            return stored
        refused: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        refused.set_result(False)
        return refused

    monkeypatch.setattr(journal, "write", refuse)


async def test_while_the_database_is_away_the_last_known_address_is_called(stage: OutageStage) -> None:
    async def away(user_pk: int, package: str) -> AppAddress | None:
        raise OperationalError("the database is starting up")

    stage.runtime.apps._around.find_address = away
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(3)
    assert stage.times() == pytest.approx([0, 2])


def _answer_address(stage: OutageStage, address: Callable[[float], AppAddress | None]) -> None:
    async def find(user_pk: int, package: str) -> AppAddress | None:
        return address(stage.server.elapsed)

    stage.runtime.apps._around.find_address = find


async def test_a_host_in_trouble_does_not_keep_a_single_app_from_its_schedule(stage: OutageStage) -> None:
    """Five failures fall within the schedule of one user; the attempts after them are made on time."""
    stage.server.answer = lambda at: OK if at >= 55 else UNAVAILABLE
    stage.server.on_accepted = stage.connect
    await stage.lose_sockets()
    await stage.clock.pass_time(90)
    assert stage.times() == pytest.approx([0, 2, 5, 10, 20, 35, 55])
    assert stage.state() is RunState.RUNNING


async def test_the_history_says_what_the_server_answered(stage: OutageStage) -> None:
    stage.server.answer = lambda _: UNAVAILABLE
    await stage.lose_sockets()
    began = stage.clock.now()
    await stage.clock.pass_time(200)
    journal = stage.runtime.upkeep.journal
    moves = [kwargs for name, _, kwargs in journal.writes if name == "record_move"]  # type: ignore[attr-defined]
    assert moves[-1]["cause"] is RunEvent.GAVE_UP
    assert moves[-1]["detail"] == "the app's server did not bring it back: HTTP 503"
    assert moves[-1]["now"] - began == timedelta(seconds=LAST_POINT)


async def test_who_asks_for_an_app_that_is_called_back_does_not_wait_for_the_schedule(
    stage: OutageStage,
) -> None:
    stage.server.answer = lambda at: OK if at >= 12 else REFUSED
    stage.server.on_accepted = stage.connect
    await stage.lose_sockets()
    await stage.clock.pass_time(12.5)
    starting = asyncio.create_task(stage.runtime.apps.start(PACKAGE))
    await stage.clock.pass_time(0.1)
    await starting
    assert stage.times() == pytest.approx([0, 2, 5, 10, 12.5])


async def test_impatience_costs_a_call_in_two_seconds_and_no_point_of_the_schedule(
    stage: OutageStage,
) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(11)
    starts = []
    for _ in range(40):
        starts.append(asyncio.create_task(stage.runtime.apps.start(PACKAGE)))
        await stage.clock.pass_time(0.1)
    assert stage.times() == pytest.approx([0, 2, 5, 10, 12, 14])
    await stage.clock.pass_time(6)
    assert stage.times() == pytest.approx([0, 2, 5, 10, 12, 14, 16, 20])
    stage.connect(stage.users[0])
    await asyncio.gather(*starts)


async def test_impatience_does_not_call_a_server_twice_that_has_accepted(stage: OutageStage) -> None:
    await stage.lose_sockets()
    await stage.clock.pass_time(1)
    starting = asyncio.create_task(stage.runtime.apps.start(PACKAGE))
    await stage.clock.pass_time(8)
    assert stage.times() == pytest.approx([0])
    stage.connect(stage.users[0])
    await starting


async def test_a_user_who_asks_for_a_sleeping_app_has_it_called(stage: OutageStage) -> None:
    stage.server.answer = lambda _: REFUSED
    stage.runtime.phone.link = None
    await stage.lose_sockets()
    assert stage.state() is RunState.DORMANT
    stage.server.answer, stage.server.on_accepted = lambda _: OK, stage.connect
    await stage.runtime.apps.start(PACKAGE)
    assert len(stage.times()) == 1


async def test_who_waits_for_an_app_that_is_given_up_is_told_and_may_try_again(stage: OutageStage) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(85)
    starting = asyncio.create_task(stage.runtime.apps.start(PACKAGE))
    await stage.clock.pass_time(10)
    with pytest.raises(RefusedStart, match="connection refused") as refusal:
        await starting
    assert refusal.value.stage == "WEBHOOK"

    stage.server.answer, stage.server.on_accepted = lambda _: OK, stage.connect
    await stage.runtime.apps.start(PACKAGE)
    assert stage.phone.of_type("app_started")


async def test_who_waits_for_an_app_that_does_not_come_back_is_told_in_the_time_of_a_start(
    stage: OutageStage,
) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(11)
    starting = asyncio.create_task(stage.runtime.apps.start(PACKAGE))
    await stage.clock.pass_time(20)
    with pytest.raises(RefusedStart, match="did not connect within 20 s"):
        await starting
    assert stage.state() is RunState.RESURRECTING
