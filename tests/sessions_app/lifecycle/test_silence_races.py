"""A node falls silent or wakes up while others look: threads on a real database, as in test_races.py."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from sessions_app.lifecycle.condemning import condemn_expired
from sessions_app.lifecycle.liveness import mark_lost_sessions, revive_sessions
from sessions_app.lifecycle.services import Opened
from sessions_app.states import SessionId, SessionRef
from tests.support.fake_clock import START
from tests.support.own_database import again_and_again
from tests.support.personas import make_user
from tests.support.sessions import GRACE_SECONDS, connect_phone, history, lose_the_phone, row_of

ROUNDS = 60
MOMENT_SECONDS = 0.001
OVER = START + timedelta(seconds=GRACE_SECONDS)

pytestmark = pytest.mark.usefixtures("database")


def users(kind: str) -> list[User]:
    return [make_user(f"{kind}-{number}@example.com") for number in range(ROUNDS)]


def test_of_a_waking_node_and_the_sweep_one_has_the_session() -> None:
    """A node was silent for as long as a grace period lasts; its phone was connected all the time."""
    people, lost = users("waking"), dict[int, SessionRef]()

    def fall_silent(number: int) -> None:
        lost[number] = connect_phone(people[number], node_id=f"node-{number}").ref
        lose_the_phone(lost[number])

    def wake_up(number: int) -> int:
        time.sleep(number % 3 * MOMENT_SECONDS)
        here = {lost[number].session_id: lost[number].generation}
        return revive_sessions(node_id=f"node-{number}", generations=here, now=OVER)

    def sweep(number: int) -> list[SessionId]:
        time.sleep((2 - number % 3) * MOMENT_SECONDS)
        return condemn_expired(now=OVER)

    rounds: Sequence[Any] = again_and_again(ROUNDS, fall_silent, wake_up, sweep)

    for number, (revived, condemned) in enumerate(rounds):
        assert condemned == ([] if revived else [lost[number].session_id])
        assert history(lost[number])[2:] == ["DISCONNECTED", "ACTIVE" if revived else "DISPOSING"]


def test_a_silent_node_is_missed_once_whoever_looks_and_whoever_comes() -> None:
    """Two beats find the node silent while the phone comes back to another one."""
    people, lost = users("silent"), dict[int, SessionRef]()
    # Long before everything else in this database, so that nobody else is missed.
    began = START - timedelta(hours=1)
    found_at = began + timedelta(seconds=31)

    def fall_silent(number: int) -> None:
        lost[number] = connect_phone(people[number], now=began).ref

    def look(number: int) -> int:
        return mark_lost_sessions(silent_seconds=30.0, grace_seconds=GRACE_SECONDS, now=found_at)

    def come_back(number: int) -> Opened:
        time.sleep(number % 4 * MOMENT_SECONDS)
        return connect_phone(people[number], node_id="node-2", now=found_at)

    rounds: Sequence[Any] = again_and_again(ROUNDS, fall_silent, look, look, come_back)

    for number, (first, second, opened) in enumerate(rounds):
        assert first + second <= 1
        missed = ["DISCONNECTED"] if first + second else []
        assert history(lost[number])[2:] == [*missed, "ACTIVE"]
        row = row_of(lost[number])
        assert (row.owner, row.generation) == ("node-2", opened.ref.generation)
        assert (row.disconnected_at, row.dispose_after) == (None, None)
