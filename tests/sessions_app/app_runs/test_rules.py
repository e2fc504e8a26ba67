"""The state machine of an app (lifecycle §3.2) and the answers to its handshakes (app-socket §3.2)."""

from itertools import product

import pytest

from sessions_app.app_runs.rules import (
    ACCEPT,
    TRANSITIONS,
    Answer,
    Handshake,
    IllegalRunTransition,
    RunEvent,
    can,
    judge_handshake,
    judge_key,
    next_run_state,
)
from sessions_app.states import PRESENT_RUN_STATES, RunState

INIT, RECONNECT = Handshake.INIT, Handshake.RECONNECT
# The rows of lifecycle §3.2 that name an event of an app; stops and disposals are tested apart.
LISTED = [
    (None, "start", "connecting"),
    ("stopped", "start", "connecting"),
    ("connecting", "attached", "running"),
    ("connecting", "start_failed", "stopped"),
    ("running", "socket_lost", "grace_period"),
    ("running", "released", "dormant"),
    ("grace_period", "attached", "running"),
    ("grace_period", "grace_ended", "resurrecting"),
    ("grace_period", "grace_ended_away", "dormant"),
    ("dormant", "user_returned", "resurrecting"),
    ("dormant", "attached", "running"),
    ("resurrecting", "attached", "running"),
    ("resurrecting", "gave_up", "stopped"),
    ("stopping", "stopped", "stopped"),
    (None, "retired", "stopped"),
    ("stopped", "retired", "stopped"),
]


@pytest.mark.parametrize(("before", "event", "after"), LISTED)
def test_the_moves_of_the_protocol_are_listed(before: str | None, event: str, after: str) -> None:
    state = RunState(before) if before else None
    assert next_run_state(state, RunEvent(event)) is RunState(after)


@pytest.mark.parametrize(("state", "event"), [*product([None, *RunState], RunEvent)])
def test_every_pair_is_either_listed_or_refused(state: RunState | None, event: RunEvent) -> None:
    assert can(state, event) == ((state, event) in TRANSITIONS)
    if can(state, event):
        assert isinstance(next_run_state(state, event), RunState)
    else:
        with pytest.raises(IllegalRunTransition, match=f"cannot take {event}"):
            next_run_state(state, event)


@pytest.mark.parametrize("state", [state for state in RunState if state is not RunState.STOPPED])
def test_any_app_that_is_not_stopped_ends_with_its_session(state: RunState) -> None:
    assert next_run_state(state, RunEvent.SESSION_DISPOSED) is RunState.STOPPED


@pytest.mark.parametrize("state", [RunState.CONNECTING, *PRESENT_RUN_STATES])
def test_any_app_that_runs_or_loads_can_be_stopped(state: RunState) -> None:
    assert next_run_state(state, RunEvent.STOP) is RunState.STOPPING


def test_a_stopped_app_is_started_anew_or_leaves_the_list_of_those_that_come_back() -> None:
    assert [event for event in RunEvent if can(RunState.STOPPED, event)] == [RunEvent.START, RunEvent.RETIRED]


def test_a_stop_is_not_undone_by_a_late_socket() -> None:
    assert not can(RunState.STOPPING, RunEvent.ATTACHED)


ATTACHABLE = ["connecting", "resurrecting", "running", "grace_period", "dormant"]
HANDSHAKES = [
    # handshake, session here, booting, run, restoring -> answer, code
    (INIT, False, True, None, False, Answer.HOLD, "SESSION_NOT_FOUND"),
    (RECONNECT, False, True, None, False, Answer.PARK, "BOOTING"),
    (INIT, False, False, None, False, Answer.REFUSE, "SESSION_NOT_FOUND"),
    (RECONNECT, False, False, None, False, Answer.REJECT, "NOT_RUNNING"),
    (INIT, True, False, None, True, Answer.HOLD, "APP_NOT_STARTED"),
    (RECONNECT, True, False, None, True, Answer.PARK, "AWAITING_APP_RESTORE"),
    *((INIT, True, False, state, False, Answer.ACCEPT, "") for state in ATTACHABLE),
    *((RECONNECT, True, False, state, False, Answer.ACCEPT, "") for state in ATTACHABLE),
    *(
        (INIT, True, False, state, False, Answer.REFUSE, "APP_NOT_STARTED")
        for state in (None, "stopping", "stopped")
    ),
    *(
        (RECONNECT, True, False, state, False, Answer.REJECT, "NOT_RUNNING")
        for state in (None, "stopping", "stopped")
    ),
]


@pytest.mark.parametrize(("handshake", "here", "booting", "run", "restoring", "answer", "code"), HANDSHAKES)
def test_a_handshake_is_answered_by_the_table(
    *,
    handshake: Handshake,
    here: bool,
    booting: bool,
    run: str | None,
    restoring: bool,
    answer: Answer,
    code: str,
) -> None:
    verdict = judge_handshake(
        handshake,
        session_present=here,
        booting=booting,
        run=RunState(run) if run else None,
        restoring=restoring,
    )
    assert (verdict.answer, verdict.code) == (answer, code)


@pytest.mark.parametrize("state", ATTACHABLE)
def test_an_app_that_waits_for_its_socket_is_accepted_while_others_are_restored(state: str) -> None:
    verdict = judge_handshake(
        RECONNECT, session_present=True, booting=True, run=RunState(state), restoring=True
    )
    assert verdict == ACCEPT


@pytest.mark.parametrize(
    ("exists", "usable", "valid", "init_code", "reconnect"),
    [
        (False, False, False, "PACKAGE_NOT_FOUND", (Answer.REJECT, "NOT_RUNNING")),
        (True, False, True, "APP_DEPRECATED", (Answer.REJECT, "NOT_RUNNING")),
        (True, True, False, "INVALID_API_KEY", (Answer.REFUSE, "INVALID_API_KEY")),
    ],
)
def test_a_bad_app_or_key_is_refused_before_any_session_is_looked_at(
    exists: bool, usable: bool, valid: bool, init_code: str, reconnect: tuple[Answer, str]
) -> None:
    facts = {"app_exists": exists, "app_usable": usable, "key_valid": valid}
    refusal = judge_key(INIT, **facts)
    assert (refusal.answer, refusal.code, refusal.close) == (Answer.REFUSE, init_code, 1008)
    verdict = judge_key(RECONNECT, **facts)
    assert (verdict.answer, verdict.code) == reconnect


def test_a_good_key_goes_on_to_the_session() -> None:
    for handshake in Handshake:
        assert judge_key(handshake, app_exists=True, app_usable=True, key_valid=True) == ACCEPT
