"""The state machine of a session, as lifecycle §1.1 draws it."""

from itertools import product

import pytest

from sessions_app.lifecycle.rules import TRANSITIONS, IllegalTransition, SessionEvent, next_state, sources
from sessions_app.states import LIVE_SESSION_STATES, SessionState

LEAVES_TO = {
    "CONNECTING": {"ACTIVE", "DISPOSING"},
    "ACTIVE": {"ACTIVE", "DISCONNECTED", "DISPOSING"},
    "DISCONNECTED": {"ACTIVE", "DISPOSING"},
    "DISPOSING": {"DISPOSED"},
    "DISPOSED": set(),
}


@pytest.mark.parametrize("state", SessionState)
def test_each_state_leaves_to_what_the_protocol_lists(state: SessionState) -> None:
    after = {to for (before, _), to in TRANSITIONS.items() if before is state}
    assert after == LEAVES_TO[state]


@pytest.mark.parametrize(("state", "event"), [*product(SessionState, SessionEvent)])
def test_every_pair_is_either_listed_or_refused(state: SessionState, event: SessionEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(IllegalTransition, match=f"{state} cannot take {event}"):
            next_state(state, event)


def test_every_live_session_can_be_condemned_and_no_other() -> None:
    assert set(sources(SessionEvent.CONDEMNED)) == set(LIVE_SESSION_STATES)


def test_the_sources_of_an_event_are_the_states_that_take_it() -> None:
    assert sources(SessionEvent.PHONE_RETURNED) == (SessionState.ACTIVE, SessionState.DISCONNECTED)
    assert sources(SessionEvent.FINISHED) == (SessionState.DISPOSING,)


def test_disposal_is_reached_from_every_state() -> None:
    reached = {SessionState.DISPOSED}
    for _ in SessionState:
        reached |= {before for (before, _), after in TRANSITIONS.items() if after in reached}
    assert reached == set(SessionState)
