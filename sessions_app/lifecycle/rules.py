"""The state machine of a user session, whole. Anything not listed here is a programming error."""

from enum import StrEnum

from sessions_app.states import SessionState


class SessionEvent(StrEnum):
    """What can happen to a session (lifecycle §1)."""

    OPENED = "opened"
    PHONE_LOST = "phone_lost"
    PHONE_RETURNED = "phone_returned"
    CONDEMNED = "condemned"
    FINISHED = "finished"


class IllegalTransition(Exception):
    """A state machine was asked for a move that its table does not list."""


TRANSITIONS: dict[tuple[SessionState, SessionEvent], SessionState] = {
    (SessionState.CONNECTING, SessionEvent.OPENED): SessionState.ACTIVE,
    (SessionState.CONNECTING, SessionEvent.CONDEMNED): SessionState.DISPOSING,
    (SessionState.ACTIVE, SessionEvent.PHONE_RETURNED): SessionState.ACTIVE,
    (SessionState.ACTIVE, SessionEvent.PHONE_LOST): SessionState.DISCONNECTED,
    (SessionState.ACTIVE, SessionEvent.CONDEMNED): SessionState.DISPOSING,
    (SessionState.DISCONNECTED, SessionEvent.PHONE_RETURNED): SessionState.ACTIVE,
    (SessionState.DISCONNECTED, SessionEvent.CONDEMNED): SessionState.DISPOSING,
    (SessionState.DISPOSING, SessionEvent.FINISHED): SessionState.DISPOSED,
}


def next_state(state: SessionState, event: SessionEvent) -> SessionState:
    """Return the state after `event`; raise IllegalTransition when the table has no such move."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(f"A session in {state} cannot take {event}") from None


def sources(event: SessionEvent) -> tuple[SessionState, ...]:
    """Return the states in which `event` is legal, for the filter of an update."""
    return tuple(state for state, known in TRANSITIONS if known == event)
