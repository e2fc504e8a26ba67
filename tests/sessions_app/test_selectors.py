"""Finding sessions and their owners."""

from datetime import timedelta

import pytest

from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle.condemning import condemn, finish
from sessions_app.selectors import (
    find_live_session_id,
    find_owner,
    find_owner_of_user,
    find_owners_of_app,
    find_session_id,
    list_live_session_ids,
)
from tests.support.fake_clock import START
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_user
from tests.support.sessions import connect_phone, lose_the_phone, play

pytestmark = pytest.mark.django_db


def test_a_live_session_is_found_by_address_and_its_owner_by_id() -> None:
    ref = connect_phone(make_user(), node_id="node-7").ref
    lose_the_phone(ref)
    assert find_live_session_id(ADA) == ref.session_id
    assert find_owner(ref.session_id) == "node-7"
    assert find_owner_of_user(ref.user_pk) == {ref.session_id: "node-7"}
    assert list_live_session_ids() == [ref.session_id]
    assert find_live_session_id(BOB) is None


def test_a_condemned_session_is_not_live_but_can_be_named() -> None:
    ref = connect_phone(make_user()).ref
    condemn(session_id=ref.session_id, reason="manual", now=START)
    assert find_live_session_id(ADA) is None
    assert list_live_session_ids() == []
    assert find_session_id(ADA) == ref.session_id
    finish(session_id=ref.session_id, now=START)
    assert find_session_id(ADA) is None
    assert find_session_id(ref.session_id) == ref.session_id


def test_a_live_session_is_preferred_to_the_one_before() -> None:
    old = connect_phone(make_user()).ref
    condemn(session_id=old.session_id, reason="manual", now=START)
    fresh = connect_phone(make_user(), now=START + timedelta(seconds=1)).ref
    assert find_session_id(ADA) == fresh.session_id


def test_owners_of_an_app_are_those_of_sessions_in_which_it_is_not_stopped() -> None:
    ada = connect_phone(make_user(ADA)).ref
    bob = connect_phone(make_user(BOB), node_id="node-2").ref
    play(ada, RunEvent.START, RunEvent.ATTACHED)
    play(ada, RunEvent.START, RunEvent.START_FAILED, package_name=NOTES)
    play(bob, RunEvent.START, RunEvent.ATTACHED, RunEvent.SOCKET_LOST)
    assert find_owners_of_app(CAPTIONS) == {ada.session_id: "node-1", bob.session_id: "node-2"}
    assert find_owners_of_app(CAPTIONS, bob.user_pk) == {bob.session_id: "node-2"}
    assert find_owners_of_app(NOTES) == {}
    condemn(session_id=bob.session_id, reason="manual", now=START)
    assert find_owners_of_app(CAPTIONS) == {ada.session_id: "node-1"}
