"""Opening, losing and reviving sessions: rows, history, fences and the number of statements."""

from datetime import timedelta

import pytest

from accounts.models import User
from sessions_app.errors import OwnershipLost
from sessions_app.lifecycle import services
from sessions_app.lifecycle.condemning import condemn, finish
from sessions_app.lifecycle.services import (
    add_counts,
    release_session,
)
from sessions_app.models import SessionTransition, UserSession
from sessions_app.selectors import find_live_session
from sessions_app.states import SessionState
from tests.support.fake_clock import START
from tests.support.personas import BOB, make_user
from tests.support.queries import statements
from tests.support.sessions import (
    GRACE_SECONDS,
    NODE,
    connect_phone,
    counts_of,
    history,
    last_detail,
    lose_the_phone,
    row_of,
)

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada() -> User:
    return make_user()


def test_the_first_phone_opens_a_session(ada: User) -> None:
    opened = connect_phone(ada)
    row = row_of(opened.ref)
    assert not opened.resumed
    assert opened.started_at == START
    assert (opened.ref.user_id, opened.ref.user_pk, opened.ref.generation) == (ada.email, ada.pk, 1)
    assert (row.state, row.owner, row.generation, row.reconnects) == ("ACTIVE", NODE, 1, 0)
    assert history(opened.ref) == ["CONNECTING", "ACTIVE"]


def test_a_phone_that_returns_finds_the_same_session(ada: User) -> None:
    first = connect_phone(ada)
    lose_the_phone(first.ref)
    second = connect_phone(ada, node_id="node-2", now=START + MINUTE)
    row = row_of(second.ref)
    assert second.resumed
    assert second.ref.session_id == first.ref.session_id
    assert second.previous_owner == NODE
    assert (row.owner, row.generation, row.reconnects) == ("node-2", 2, 1)
    assert (row.state, row.disconnected_at, row.dispose_after) == ("ACTIVE", None, None)
    assert row.started_at == START
    assert history(first.ref) == ["CONNECTING", "ACTIVE", "DISCONNECTED", "ACTIVE"]


def test_a_phone_that_is_lost_while_another_takes_over_leaves_a_true_history(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = connect_phone(ada)
    reads: list[UserSession | None] = []

    def read_before_the_loss(user_pk: int) -> UserSession | None:
        reads.append(find_live_session(user_pk))
        if len(reads) == 1:
            lose_the_phone(first.ref)
        return reads[-1]

    monkeypatch.setattr(services, "find_live_session", read_before_the_loss)
    second = connect_phone(ada, node_id="node-2")

    moves = list(row_of(second.ref).transitions.values_list("from_state", "to_state"))
    assert moves[-2:] == [("ACTIVE", "DISCONNECTED"), ("DISCONNECTED", "ACTIVE")]
    assert row_of(second.ref).reconnects == 1


def test_a_second_phone_takes_the_session_without_a_disconnection(ada: User) -> None:
    first = connect_phone(ada)
    second = connect_phone(ada, now=START + SECOND)
    assert second.ref.session_id == first.ref.session_id
    assert second.ref.generation == 2
    assert history(first.ref) == ["CONNECTING", "ACTIVE", "ACTIVE"]


def test_sessions_of_two_users_are_apart(ada: User) -> None:
    assert connect_phone(ada).ref.session_id != connect_phone(make_user(BOB)).ref.session_id


def test_a_phone_that_comes_during_disposal_gets_a_fresh_session(ada: User) -> None:
    old = connect_phone(ada)
    condemn(session_id=old.ref.session_id, reason="manual", now=START)
    fresh = connect_phone(ada)
    assert fresh.ref.session_id != old.ref.session_id
    assert not fresh.resumed
    assert row_of(old.ref).state == "DISPOSING"


def test_losing_the_phone_starts_the_grace_period_once(ada: User) -> None:
    ref = connect_phone(ada).ref
    lose_the_phone(ref)
    lose_the_phone(ref, now=START + MINUTE)
    row = row_of(ref)
    assert (row.state, row.disconnected_at) == ("DISCONNECTED", START)
    assert row.dispose_after == START + timedelta(seconds=GRACE_SECONDS)
    assert history(ref) == ["CONNECTING", "ACTIVE", "DISCONNECTED"]
    assert last_detail(ref) == "1006"


def test_the_late_close_of_an_old_phone_changes_nothing(ada: User) -> None:
    old = connect_phone(ada).ref
    connect_phone(ada)
    with pytest.raises(OwnershipLost):
        lose_the_phone(old)
    assert row_of(old).state == "ACTIVE"


def test_an_owner_that_loses_its_phone_during_disposal_is_not_told_off(ada: User) -> None:
    ref = connect_phone(ada).ref
    condemn(session_id=ref.session_id, reason="manual", now=START)
    lose_the_phone(ref)
    assert row_of(ref).state == "DISPOSING"


def test_the_last_owner_of_a_disposed_session_is_told_off(ada: User) -> None:
    ref = connect_phone(ada).ref
    condemn(session_id=ref.session_id, reason="manual", now=START)
    finish(session_id=ref.session_id, now=START)
    with pytest.raises(OwnershipLost):
        lose_the_phone(ref)
    with pytest.raises(OwnershipLost):
        add_counts(ref=ref, counts=counts_of(audio_bytes=1, events=0, transcripts=0), apps_used=frozenset())


def test_counts_add_up_over_owners(ada: User) -> None:
    first = connect_phone(ada).ref
    add_counts(
        ref=first, counts=counts_of(audio_bytes=640, events=2, transcripts=1), apps_used=frozenset({"b", "a"})
    )
    second = connect_phone(ada, node_id="node-2").ref
    add_counts(
        ref=second, counts=counts_of(audio_bytes=60, events=1, transcripts=0), apps_used=frozenset({"c", "a"})
    )
    with pytest.raises(OwnershipLost):
        add_counts(ref=first, counts=counts_of(audio_bytes=1, events=1, transcripts=1), apps_used=frozenset())
    row = row_of(second)
    assert (row.audio_bytes, row.events, row.transcripts) == (700, 3, 1)
    assert row.apps_used == ["a", "b", "c"]


def test_opening_takes_three_statements(ada: User) -> None:
    with statements() as fresh:
        connect_phone(ada)
    assert len(fresh) == 3, fresh
    with statements() as resumed:
        connect_phone(ada)
    assert len(resumed) == 3, resumed


def test_losing_the_phone_takes_two_statements(ada: User) -> None:
    ref = connect_phone(ada).ref
    with statements() as made:
        lose_the_phone(ref)
    assert len(made) == 2, made


def test_every_state_of_the_row_has_its_transition(ada: User) -> None:
    ref = connect_phone(ada).ref
    lose_the_phone(ref)
    connect_phone(ada)
    moves = list(SessionTransition.objects.filter(session__pk=ref.session_id))
    assert [move.from_state for move in moves] == ["", *(move.to_state for move in moves[:-1])]
    assert moves[-1].to_state == row_of(ref).state == SessionState.ACTIVE


def test_a_session_that_was_handed_over_has_no_owner_until_its_phone_returns(ada: User) -> None:
    first = connect_phone(ada)
    lose_the_phone(first.ref)
    release_session(ref=first.ref)
    assert (row_of(first.ref).state, row_of(first.ref).owner) == ("DISCONNECTED", "")
    second = connect_phone(ada, node_id="node-2")
    assert (second.resumed, second.previous_owner) == (True, "")
    release_session(ref=first.ref)
    assert row_of(first.ref).owner == "node-2"
