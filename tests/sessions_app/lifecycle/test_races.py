"""Several processes at the same row at the same moment: exactly one wins, and the loser behaves.

Threads on a real database, as the in-memory one of other tests serialises everything.
"""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from sessions_app.app_runs.rules import RunEvent
from sessions_app.errors import OwnershipLost
from sessions_app.lifecycle.condemning import condemn, condemn_expired
from sessions_app.lifecycle.disposal import end_session
from sessions_app.lifecycle.services import FIRST_GENERATION, Opened
from sessions_app.models import AnalyticsEvent, UserSession
from sessions_app.selectors import list_unfinished_runs
from sessions_app.states import SessionId, SessionRef
from tests.sessions_app.lifecycle.conftest import Outside
from tests.support.fake_clock import START
from tests.support.own_database import again_and_again, at_the_same_time
from tests.support.personas import make_user
from tests.support.sessions import GRACE_SECONDS, connect_phone, history, lose_the_phone, play, row_of

E = RunEvent
ROUNDS = 15
GRACE_ROUNDS = 200
CROWD_ROUNDS = 60
MOMENT_SECONDS = 0.001
OVER = START + timedelta(seconds=GRACE_SECONDS)


pytestmark = pytest.mark.usefixtures("database")


def users(kind: str, count: int = ROUNDS) -> list[User]:
    return [make_user(f"{kind}-{number}@example.com") for number in range(count)]


def test_phones_that_connect_at_once_share_one_session() -> None:
    for user in users("open"):
        opened = at_the_same_time(*[partial(connect_phone, user)] * 4)
        assert len({one.ref.session_id for one in opened}) == 1
        assert sorted(one.ref.generation for one in opened) == [1, 2, 3, 4]
        assert [one.resumed for one in opened].count(False) == 1
        row = row_of(opened[0].ref)
        assert (row.state, row.generation, row.reconnects) == ("ACTIVE", 4, 3)
        assert len(history(opened[0].ref)) == 2 + 3


def _after(moments: int) -> None:
    """Come a little later than others do; a moment is about what a query takes."""
    time.sleep(moments * MOMENT_SECONDS)


def test_a_phone_and_a_sweep_meet_at_the_deadline() -> None:
    """Whoever comes second finds what the first one did, and does nothing but what is left to do."""
    people, lost = users("sweep", GRACE_ROUNDS), dict[int, SessionRef]()

    def leave(number: int) -> None:
        lost[number] = connect_phone(people[number]).ref
        lose_the_phone(lost[number])

    def come_back(number: int) -> Opened:
        _after(number % 4)
        return connect_phone(people[number], now=OVER)

    def sweep(number: int) -> list[SessionId]:
        _after(3 - number % 4)
        return condemn_expired(now=OVER)

    rounds: Sequence[Any] = again_and_again(GRACE_ROUNDS, leave, come_back, sweep)

    for number, (opened, condemned) in enumerate(rounds):
        ref, user = lost[number], people[number]
        row = row_of(ref)
        if opened.resumed:
            assert condemned == []
            assert opened.ref == SessionRef(ref.session_id, user.email, user.pk, ref.generation + 1)
            assert history(ref)[2:] == ["DISCONNECTED", "ACTIVE"]
            assert (row.state, row.reconnects, row.dispose_reason) == ("ACTIVE", 1, "")
            assert (row.disconnected_at, row.dispose_after) == (None, None)
        else:
            assert condemned == [ref.session_id]
            assert history(ref)[2:] == ["DISCONNECTED", "DISPOSING"]
            assert (row.state, row.generation, row.reconnects) == ("DISPOSING", ref.generation, 0)
            fresh = row_of(opened.ref)
            assert (fresh.state, fresh.generation, fresh.reconnects) == ("ACTIVE", FIRST_GENERATION, 0)
        assert UserSession.objects.filter(user=user, state="ACTIVE").count() == 1
    assert condemn_expired(now=OVER) == []


def test_phones_at_three_nodes_a_sweep_and_an_operator_meet_at_the_deadline() -> None:
    people, lost = users("crowd", CROWD_ROUNDS), dict[int, SessionRef]()

    def leave(number: int) -> None:
        lost[number] = connect_phone(people[number]).ref
        lose_the_phone(lost[number])

    def come_back(node_id: str, number: int) -> Opened:
        _after(number % 3)
        return connect_phone(people[number], node_id=node_id, now=OVER)

    def sweep(number: int) -> list[SessionId]:
        _after(number % 2)
        return condemn_expired(now=OVER)

    def end(number: int) -> bool:
        _after(number % 4)
        return condemn(session_id=lost[number].session_id, reason="manual", now=OVER)

    phones = [partial(come_back, node_id) for node_id in ("node-1", "node-2", "node-3")]
    rounds: Sequence[Any] = again_and_again(CROWD_ROUNDS, leave, *phones, sweep, end)

    for number, (*opened, swept, ended) in enumerate(rounds):
        ref = lost[number]
        assert (swept == [ref.session_id]) != ended, "one of the two ended it, whatever the phones did"
        row = row_of(ref)
        assert (row.state, row.dispose_reason) == ("DISPOSING", "manual" if ended else "grace_expired")
        assert history(ref)[-1] == "DISPOSING"
        assert history(ref).count("DISPOSING") == 1
        seen = {(one.ref.session_id, one.ref.generation) for one in opened}
        assert len(seen) == len(phones), "no two phones own the same generation"
        for session in UserSession.objects.filter(user=people[number]).exclude(pk=ref.session_id):
            mine = sorted(generation for pk, generation in seen if pk == str(session.pk))
            assert mine == list(range(FIRST_GENERATION, session.generation + 1))
            assert (session.state, session.reconnects) == ("ACTIVE", session.generation - FIRST_GENERATION)
        assert UserSession.objects.filter(user=people[number], state="ACTIVE").count() <= 1


def test_two_sweeps_never_take_the_same_session() -> None:
    refs = [connect_phone(user).ref for user in users("sweeps")]
    for ref in refs:
        lose_the_phone(ref)
    won = at_the_same_time(*[partial(condemn_expired, now=OVER)] * 3)
    taken = [session_id for ids in won for session_id in ids]
    assert sorted(taken) == sorted(ref.session_id for ref in refs)
    assert all(history(ref).count("DISPOSING") == 1 for ref in refs)


def test_a_manual_end_wins_whatever_the_phone_does_meanwhile() -> None:
    for user in users("condemn"):
        ref = connect_phone(user).ref
        lose_the_phone(ref)
        _, condemned = at_the_same_time(
            partial(connect_phone, user),
            partial(condemn, session_id=ref.session_id, reason="manual", now=START),
        )
        assert condemned is True
        assert row_of(ref).state == "DISPOSING"


def test_of_several_disposals_one_does_the_work(outside: Outside) -> None:
    for user in users("dispose")[:5]:
        ref = connect_phone(user, now=timezone.now()).ref
        outside.calls.clear()
        finished = at_the_same_time(*[partial(end_session, ref.session_id, "manual")] * 3)
        assert sorted(finished) == [False, False, True]
        assert outside.calls == ["owner", "snapshot"]
        assert history(ref).count("DISPOSED") == 1
        assert AnalyticsEvent.objects.filter(session_id=ref.session_id).count() == 1


def _move_as_old_owner(ref: SessionRef) -> bool:
    try:
        play(ref, E.SOCKET_LOST)
    except OwnershipLost:
        return False
    return True


def _take_over(user: User) -> str:
    opened = connect_phone(user, node_id="node-2")
    return str(list_unfinished_runs(opened.ref.session_id)[0].state)


def test_what_a_new_owner_reads_is_not_changed_by_the_old_one_afterwards() -> None:
    for user in users("takeover"):
        ref = connect_phone(user).ref
        play(ref, E.START, E.ATTACHED)
        moved, seen = at_the_same_time(partial(_move_as_old_owner, ref), partial(_take_over, user))
        assert seen == ("grace_period" if moved else "running")
        assert list_unfinished_runs(ref.session_id)[0].state == seen


def test_a_move_waits_for_a_takeover_that_is_under_way() -> None:
    [user, *_] = users("waiting")
    ref = connect_phone(user).ref
    play(ref, E.START, E.ATTACHED)
    taken, moved = threading.Event(), threading.Event()

    def take_over() -> bool:
        with transaction.atomic():
            connect_phone(user, node_id="node-2")
            taken.set()
            return moved.wait(0.3)

    def move() -> bool:
        taken.wait(5)
        try:
            return _move_as_old_owner(ref)
        finally:
            moved.set()

    came_between, stored = at_the_same_time(take_over, move)
    assert not came_between
    assert not stored
