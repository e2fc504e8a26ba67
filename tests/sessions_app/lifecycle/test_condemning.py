"""A session's last way: who may condemn, take up, report and finish it."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from sessions_app.lifecycle import condemning
from sessions_app.lifecycle.condemning import (
    STUCK_AFTER_SECONDS,
    claim_report,
    condemn,
    condemn_expired,
    finish,
    list_stuck,
    take_up,
)
from sessions_app.states import SessionRef
from tests.support.fake_clock import START
from tests.support.personas import BOB, make_user
from tests.support.sessions import GRACE_SECONDS, connect_phone, history, last_detail, lose_the_phone, row_of

pytestmark = pytest.mark.django_db

GRACE = timedelta(seconds=GRACE_SECONDS)
STUCK = timedelta(seconds=STUCK_AFTER_SECONDS)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def ref(ada: User) -> SessionRef:
    return connect_phone(ada).ref


def test_the_sweep_takes_sessions_whose_grace_is_over_and_no_others(ref: SessionRef) -> None:
    lose_the_phone(ref)
    connected = connect_phone(make_user(BOB)).ref
    assert condemn_expired(now=START + GRACE - SECOND) == []
    assert condemn_expired(now=START + GRACE) == [ref.session_id]
    assert condemn_expired(now=START + GRACE) == []
    row = row_of(ref)
    assert (row.state, row.dispose_reason) == ("DISPOSING", "grace_expired")
    assert row_of(connected).state == "ACTIVE"


def test_a_phone_that_came_back_saves_its_session_from_the_sweep(ada: User, ref: SessionRef) -> None:
    lose_the_phone(ref)
    connect_phone(ada, now=START + GRACE)
    assert condemn_expired(now=START + GRACE + SECOND) == []


def test_a_sweep_that_read_the_row_before_the_phone_came_and_went_loses(
    ada: User, ref: SessionRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_phone(ref)
    late = START + GRACE
    decide = condemning._condemn

    def after_the_phone(*args: Any) -> bool:
        lose_the_phone(connect_phone(ada, now=late).ref, now=late)
        return decide(*args)

    monkeypatch.setattr(condemning, "_condemn", after_the_phone)
    assert condemn_expired(now=late) == []
    assert row_of(ref).state == "DISCONNECTED"


@pytest.mark.parametrize("away", [False, True])
def test_any_live_session_can_be_condemned_once(ref: SessionRef, away: bool) -> None:
    if away:
        lose_the_phone(ref)
    assert condemn(session_id=ref.session_id, reason="manual", now=START)
    assert not condemn(session_id=ref.session_id, reason="again", now=START)
    row = row_of(ref)
    assert (row.state, row.dispose_reason, row.dispose_after) == ("DISPOSING", "manual", START)
    assert history(ref)[-1] == "DISPOSING"


def test_a_session_that_does_not_exist_cannot_be_condemned() -> None:
    absent = "00000000-0000-4000-8000-000000000000"
    assert not condemn(session_id=absent, reason="manual", now=START)


def test_one_worker_takes_a_condemned_session_up(ref: SessionRef) -> None:
    assert take_up(session_id=ref.session_id, now=START) is None, "it is not condemned yet"
    condemn(session_id=ref.session_id, reason="manual", now=START)
    taken = take_up(session_id=ref.session_id, now=START)
    assert taken is not None
    assert taken.user.email == ref.user_id
    assert take_up(session_id=ref.session_id, now=START + STUCK - SECOND) is None


def test_a_disposal_whose_worker_died_is_taken_up_again(ref: SessionRef) -> None:
    condemn(session_id=ref.session_id, reason="manual", now=START)
    take_up(session_id=ref.session_id, now=START)
    assert list_stuck(now=START + STUCK - SECOND) == []
    assert list_stuck(now=START + STUCK) == [ref.session_id]
    assert take_up(session_id=ref.session_id, now=START + STUCK) is not None
    assert list_stuck(now=START + STUCK) == []


def test_a_disposal_nobody_began_is_stuck_too(ref: SessionRef) -> None:
    condemn(session_id=ref.session_id, reason="manual", now=START)
    assert list_stuck(now=START + STUCK - SECOND) == []
    assert list_stuck(now=START + STUCK) == [ref.session_id]


def test_an_old_deadline_does_not_make_a_fresh_sweep_look_stuck(ref: SessionRef) -> None:
    lose_the_phone(ref)
    next_day = START + timedelta(days=1)
    assert condemn_expired(now=next_day) == [ref.session_id]
    assert list_stuck(now=next_day + SECOND) == []


def test_the_end_of_a_session_is_reported_once(ref: SessionRef) -> None:
    assert claim_report(session_id=ref.session_id)
    assert not claim_report(session_id=ref.session_id)


def test_a_disposal_is_finished_once(ref: SessionRef) -> None:
    assert not finish(session_id=ref.session_id, now=START), "it is not condemned yet"
    condemn(session_id=ref.session_id, reason="manual", now=START)
    assert finish(session_id=ref.session_id, now=START, detail="failed: snapshot")
    assert not finish(session_id=ref.session_id, now=START + SECOND)
    row = row_of(ref)
    assert (row.state, row.owner, row.disposed_at, row.dispose_after) == ("DISPOSED", "", START, None)
    assert history(ref).count("DISPOSED") == 1
    assert last_detail(ref) == "failed: snapshot"
    assert not condemn(session_id=ref.session_id, reason="manual", now=START)
    assert take_up(session_id=ref.session_id, now=START + STUCK) is None
    assert list_stuck(now=START + STUCK) == []


def test_long_reasons_are_cut(ref: SessionRef) -> None:
    condemn(session_id=ref.session_id, reason="x" * 1000, now=START)
    assert len(row_of(ref).dispose_reason) == 200
    assert len(last_detail(ref)) == 300
