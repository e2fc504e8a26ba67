"""All users of one app lose it at once: its server is spared, and everybody gets the app back (P-17)."""

import asyncio
from itertools import pairwise

import pytest

from sessions_app.app_runs.pacing import AT_ONCE, PER_SECOND, TRIAL_GAP_SECONDS
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.states import RunState
from tests.sessions_app.app_runs.played_outage import HANGS, OK, REFUSED, UNAVAILABLE, OutageStage
from tests.support.runtime import PACKAGE

USERS = 200


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> OutageStage:
    """A crowd whose app connects as soon as its server accepts a call."""
    stage = OutageStage(monkeypatch, USERS)
    stage.server.on_accepted = stage.connect
    return stage


def busiest_second(times: list[float]) -> int:
    """Return how many calls the busiest second saw."""
    return max(sum(start <= time < start + 1 for time in times) for start in times)


def running(stage: OutageStage) -> int:
    return sum(seat.state is RunState.RUNNING for seat in stage.seats.values())


async def test_a_blip_of_all_sockets_spreads_the_calls_evenly(stage: OutageStage) -> None:
    await stage.lose_sockets()
    await stage.clock.pass_time(USERS / PER_SECOND + 1)
    assert running(stage) == USERS
    assert len(stage.times()) == USERS
    assert busiest_second(stage.times()) <= PER_SECOND + 1
    assert len({call.user for call in stage.server.calls}) == USERS


async def test_a_slow_server_never_has_more_than_fifty_calls_to_answer(stage: OutageStage) -> None:
    stage.server.answers_after_seconds = 4.0
    await stage.lose_sockets()
    await stage.clock.pass_time(60)
    assert running(stage) == USERS
    assert stage.server.most_under_way == AT_ONCE
    assert len(stage.times()) == USERS


@pytest.mark.parametrize("problem", [REFUSED, UNAVAILABLE, HANGS])
async def test_a_restart_of_half_a_minute_loses_nobody(stage: OutageStage, problem: HookAnswer) -> None:
    stage.server.answer = lambda at: OK if at >= 30 else problem
    await stage.lose_sockets()
    await stage.clock.pass_time(30)
    away = stage.times()
    # Those that went before the first five failures were known, then one at a time.
    assert len(away) <= AT_ONCE + 30 / TRIAL_GAP_SECONDS + 5
    assert all(
        later - earlier >= TRIAL_GAP_SECONDS - 0.001 for earlier, later in pairwise(away[AT_ONCE + 5 :])
    )

    await stage.clock.pass_time(TRIAL_GAP_SECONDS + 6 + USERS / PER_SECOND + 5)
    assert running(stage) == USERS
    assert busiest_second(stage.times()[len(away) :]) <= PER_SECOND + 1
    for phone in stage.phones.values():
        assert phone.sent == []
    for seat in stage.seats.values():
        assert [key.raw for key in seat.keys] == ["button_press"]


async def test_a_late_return_reaches_those_whose_schedule_is_about_to_end(stage: OutageStage) -> None:
    stage.server.answer = lambda at: OK if at >= 70 else REFUSED
    await stage.lose_sockets()
    # Whoever was the last to try in vain is called again at the last point of a schedule, 108 s at the latest.
    await stage.clock.pass_time(110 + USERS / PER_SECOND)
    assert running(stage) == USERS


async def test_one_socket_that_comes_by_itself_lets_everybody_go_on(stage: OutageStage) -> None:
    stage.server.answer = lambda at: OK if at >= 9.5 else REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(9.5)
    made = len(stage.times())
    stage.connect(stage.users[7])
    await stage.clock.pass_time(1)
    assert len(stage.times()) - made >= PER_SECOND - 1


async def test_a_server_that_stays_away_is_left_in_peace(stage: OutageStage) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(130)
    assert {seat.state for seat in stage.seats.values()} == {RunState.STOPPED}
    assert len(stage.times()) <= 130 / TRIAL_GAP_SECONDS + 5
    made = len(stage.times())
    await stage.clock.pass_time(600)
    assert len(stage.times()) == made


async def test_in_a_crowd_who_asks_by_hand_goes_first(stage: OutageStage) -> None:
    stage.server.answer = lambda _: REFUSED
    await stage.lose_sockets()
    await stage.clock.pass_time(7.5)
    # Chance decides whose turn came so far; who was called a moment ago is not called again at once.
    tried = {call.user for call in stage.server.calls}
    last = [user for user in stage.users if user not in tried][-1]
    stage.server.calls.clear()
    starting = asyncio.create_task(stage.runtimes[last].apps.start(PACKAGE))
    await stage.clock.pass_time(0.1)
    assert [call.user for call in stage.server.calls] == [last]
    stage.connect(last)
    await starting
