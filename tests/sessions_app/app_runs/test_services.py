"""Rows of app runs: fenced, complete, and cheap."""

import pytest

from sessions_app.app_runs.rules import RunEvent
from sessions_app.app_runs.services import confirm_ownership, end_runs, record_changes, record_move
from sessions_app.errors import OwnershipLost, RuntimeFault
from sessions_app.lifecycle.condemning import condemn, finish
from sessions_app.models import AppRun
from sessions_app.selectors import list_unfinished_runs
from sessions_app.states import RunState, SessionRef
from tests.support.fake_clock import START
from tests.support.personas import CAPTIONS, NOTES, make_user
from tests.support.queries import statements
from tests.support.sessions import connect_phone, history, play

pytestmark = pytest.mark.django_db

E = RunEvent


@pytest.fixture
def ref() -> SessionRef:
    return connect_phone(make_user()).ref


def run_of(ref: SessionRef, package_name: str = CAPTIONS) -> AppRun:
    return AppRun.objects.get(session__pk=ref.session_id, package_name=package_name)


def test_a_start_makes_the_row_and_its_history(ref: SessionRef) -> None:
    play(ref, E.START, started_at=START)
    play(ref, E.ATTACHED, family="C", sdk_version="3.0.0", connected_at=START)
    run = run_of(ref)
    assert (run.state, run.family, run.sdk_version, run.started_at) == ("running", "C", "3.0.0", START)
    assert history(ref, CAPTIONS) == ["connecting", "running"]


def test_a_second_start_uses_the_row_of_the_last_run_and_only_changes_what_it_names(ref: SessionRef) -> None:
    play(ref, E.START, E.ATTACHED, family="A")
    play(ref, E.STOP, E.STOPPED, stop_reason="user_disabled")
    first = run_of(ref)
    play(ref, E.START, stop_reason="")
    again = run_of(ref)
    assert again.pk == first.pk
    assert (again.state, again.stop_reason, again.family) == ("connecting", "", "A")


def test_apps_of_one_session_do_not_touch_each_other(ref: SessionRef) -> None:
    play(ref, E.START, E.ATTACHED)
    play(ref, E.START, package_name=NOTES)
    assert (run_of(ref).state, run_of(ref, NOTES).state) == ("running", "connecting")


def test_a_run_that_its_disposal_ended_is_not_ended_again_by_its_owner(ref: SessionRef) -> None:
    """A disposal does not wait for ever for the owner; what that one does late changes nothing any more."""
    play(ref, E.START, E.ATTACHED, E.STOP)
    condemn(session_id=ref.session_id, reason="grace_expired", now=START)
    end_runs(session_id=ref.session_id, reason="grace_expired", now=START)
    record_move(
        ref=ref,
        package_name=CAPTIONS,
        before=RunState.STOPPING,
        after=RunState.STOPPED,
        cause=E.STOPPED,
        detail="system_stop",
        changes={"stop_reason": "system_stop"},
        now=START,
    )
    assert run_of(ref).stop_reason == "grace_expired"
    assert history(ref, CAPTIONS) == ["connecting", "running", "stopping", "stopped"]


def test_an_owner_that_was_replaced_writes_nothing(ref: SessionRef) -> None:
    play(ref, E.START, E.ATTACHED)
    confirm_ownership(ref=ref)
    connect_phone(make_user(), node_id="node-2")
    with pytest.raises(OwnershipLost):
        confirm_ownership(ref=ref)
    with pytest.raises(OwnershipLost):
        play(ref, E.SOCKET_LOST)
    with pytest.raises(OwnershipLost):
        play(ref, E.START, package_name=NOTES)
    with pytest.raises(OwnershipLost):
        record_changes(ref=ref, package_name=CAPTIONS, changes={"subscriptions": []})
    assert run_of(ref).state == "running"
    assert history(ref, CAPTIONS) == ["connecting", "running"]
    assert history(ref, NOTES) == []


def test_the_owner_of_a_session_that_is_being_disposed_still_writes_and_of_a_disposed_one_not(
    ref: SessionRef,
) -> None:
    play(ref, E.START, E.ATTACHED)
    condemn(session_id=ref.session_id, reason="manual", now=START)
    play(ref, E.STOP)
    finish(session_id=ref.session_id, now=START)
    with pytest.raises(OwnershipLost):
        play(ref, E.STOPPED)


def test_changes_without_a_move_are_stored(ref: SessionRef) -> None:
    play(ref, E.START, E.ATTACHED)
    record_changes(ref=ref, package_name=CAPTIONS, changes={"subscriptions": ["button_press"]})
    assert run_of(ref).subscriptions == ["button_press"]
    assert history(ref, CAPTIONS) == ["connecting", "running"]


def test_changes_of_an_app_that_never_ran_are_no_loss_of_ownership(ref: SessionRef) -> None:
    with pytest.raises(RuntimeFault, match="has no run") as fault:
        record_changes(ref=ref, package_name=NOTES, changes={"subscriptions": []})
    assert not isinstance(fault.value, OwnershipLost)


def test_disposal_ends_every_run_once(ref: SessionRef) -> None:
    play(ref, E.START, E.ATTACHED, E.SOCKET_LOST, resume_before=START)
    play(ref, E.START, package_name=NOTES)
    play(ref, E.START, E.START_FAILED, package_name="com.example.broken")
    assert end_runs(session_id=ref.session_id, reason="grace_expired", now=START) == [CAPTIONS, NOTES]
    assert end_runs(session_id=ref.session_id, reason="again", now=START) == []
    run = run_of(ref)
    assert (run.state, run.stop_reason, run.stopped_at) == ("stopped", "grace_expired", START)
    assert run.resume_before is None
    assert history(ref, CAPTIONS)[-2:] == ["grace_period", "stopped"]
    assert list_unfinished_runs(ref.session_id) == []


def test_a_move_takes_two_statements_and_the_first_of_an_app_three(ref: SessionRef) -> None:
    with statements() as first:
        play(ref, E.START, started_at=START)
    assert len(first) == 1 + 3, first  # one of them is play's own look at the row
    with statements() as later:
        play(ref, E.ATTACHED, connected_at=START)
    assert len(later) == 1 + 2, later


def test_a_change_takes_one_statement(ref: SessionRef) -> None:
    play(ref, E.START)
    with statements() as made:
        record_changes(ref=ref, package_name=CAPTIONS, changes={"subscriptions": ["button_press"]})
    assert len(made) == 1, made


def test_ending_runs_takes_three_statements_however_many_there_are(ref: SessionRef) -> None:
    for number in range(5):
        play(ref, E.START, package_name=f"com.example.app{number}")
    with statements() as made:
        end_runs(session_id=ref.session_id, reason="manual", now=START)
    assert len(made) == 3, made
