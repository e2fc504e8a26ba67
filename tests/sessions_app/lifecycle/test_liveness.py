"""Nodes that fall silent, wake up, or die and come back: no phone loses its session, no session stays for ever."""

from datetime import timedelta

import pytest

from accounts.models import User
from sessions_app.lifecycle.condemning import condemn_expired
from sessions_app.lifecycle.liveness import (
    lose_absent_phones,
    mark_lost_sessions,
    revive_sessions,
    touch_sessions,
)
from sessions_app.lifecycle.services import lose_phone
from tests.support.fake_clock import START
from tests.support.personas import BOB, make_user
from tests.support.queries import statements
from tests.support.sessions import GRACE_SECONDS, NODE, connect_phone, history, last_detail, row_of

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada() -> User:
    return make_user()


def test_sessions_of_a_silent_node_get_their_grace_from_when_it_was_last_seen(ada: User) -> None:
    ref = connect_phone(ada).ref
    now = START + timedelta(seconds=31)
    assert mark_lost_sessions(silent_seconds=30, grace_seconds=GRACE_SECONDS, now=now) == 1
    row = row_of(ref)
    assert (row.state, row.disconnected_at) == ("DISCONNECTED", START)
    assert row.dispose_after == START + timedelta(seconds=GRACE_SECONDS)
    assert last_detail(ref) == "node node-1 fell silent"


def test_a_silence_that_outlasted_the_grace_period_leaves_a_living_node_the_time_to_speak(ada: User) -> None:
    """Nobody could show itself while the database was away: no session may end for that (architecture §2)."""
    ref = connect_phone(ada).ref
    back = START + timedelta(seconds=GRACE_SECONDS) + 10 * MINUTE
    assert mark_lost_sessions(silent_seconds=30, grace_seconds=GRACE_SECONDS, now=back) == 1
    assert condemn_expired(now=back + 14 * SECOND) == []

    revive_sessions(node_id=NODE, generations={ref.session_id: ref.generation}, now=back + 14 * SECOND)
    assert condemn_expired(now=back + MINUTE) == []
    assert row_of(ref).state == "ACTIVE"


def test_a_dead_node_is_enforced_after_that_time(ada: User) -> None:
    ref = connect_phone(ada).ref
    back = START + timedelta(seconds=GRACE_SECONDS) + 10 * MINUTE
    mark_lost_sessions(silent_seconds=30, grace_seconds=GRACE_SECONDS, now=back)
    assert condemn_expired(now=back + 16 * SECOND) == [ref.session_id]


def test_a_node_that_shows_itself_keeps_its_sessions(ada: User) -> None:
    ref = connect_phone(ada).ref
    now = START + timedelta(seconds=31)
    assert touch_sessions(node_id=NODE, now=now - SECOND) == 1
    assert mark_lost_sessions(silent_seconds=30, grace_seconds=GRACE_SECONDS, now=now) == 0
    assert row_of(ref).state == "ACTIVE"


def test_a_phone_that_was_never_away_gets_its_session_back(ada: User) -> None:
    ref = connect_phone(ada).ref
    now = START + timedelta(seconds=31)
    mark_lost_sessions(silent_seconds=30, grace_seconds=GRACE_SECONDS, now=now)
    assert revive_sessions(node_id=NODE, generations={ref.session_id: ref.generation}, now=now) == 1
    row = row_of(ref)
    assert (row.state, row.disconnected_at, row.dispose_after) == ("ACTIVE", None, None)
    assert row.last_seen_at == now
    assert row.generation == ref.generation
    assert history(ref)[-2:] == ["DISCONNECTED", "ACTIVE"]


@pytest.mark.parametrize(
    ("node_id", "generation", "left_after"),
    [("node-2", 1, -SECOND), (NODE, 2, -SECOND), (NODE, 1, SECOND)],
    ids=["another node's", "another generation", "phone left after the count"],
)
def test_a_session_is_not_revived_for_a_phone_that_is_elsewhere(
    ada: User, node_id: str, generation: int, left_after: timedelta
) -> None:
    ref = connect_phone(ada).ref
    counted_at = START + MINUTE
    lose_phone(ref=ref, cause="1006", grace_seconds=GRACE_SECONDS, now=counted_at + left_after)
    assert revive_sessions(node_id=node_id, generations={ref.session_id: generation}, now=counted_at) == 0
    assert row_of(ref).state == "DISCONNECTED"


def test_a_session_that_a_dead_process_of_the_node_left_gets_its_grace(ada: User) -> None:
    left = connect_phone(ada).ref
    here = connect_phone(make_user(BOB)).ref
    now = START + MINUTE
    touch_sessions(node_id=NODE, now=now)
    for lost in (1, 0):
        found = lose_absent_phones(
            node_id=NODE, generations={here.session_id: 1}, grace_seconds=GRACE_SECONDS, now=now
        )
        assert found == lost
    row = row_of(left)
    assert (row.state, row.disconnected_at) == ("DISCONNECTED", now)
    assert row.dispose_after == now + timedelta(seconds=GRACE_SECONDS)
    assert last_detail(left) == "no phone at its node"
    assert row_of(here).state == "ACTIVE"


def test_a_session_whose_phone_is_just_being_welcomed_is_not_absent(ada: User) -> None:
    ref = connect_phone(ada, now=START + MINUTE - SECOND).ref
    elsewhere = connect_phone(make_user(BOB), node_id="node-2").ref
    now = START + MINUTE
    assert lose_absent_phones(node_id=NODE, generations={}, grace_seconds=GRACE_SECONDS, now=now) == 0
    assert row_of(ref).state == row_of(elsewhere).state == "ACTIVE"


def test_a_beat_of_a_healthy_node_takes_two_statements_whatever_it_holds(ada: User) -> None:
    refs = [connect_phone(make_user(f"{name}@example.com")).ref for name in "abc"]
    with statements() as made:
        touch_sessions(node_id=NODE, now=START)
        revive_sessions(node_id=NODE, generations={ref.session_id: 1 for ref in refs}, now=START)
    assert len(made) == 2, made
