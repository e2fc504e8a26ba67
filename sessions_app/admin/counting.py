"""How many sessions there are in each state, without ever counting a long table to its end."""

from dataclasses import dataclass

from sessions_app.models import UserSession
from sessions_app.outbound.metrics import count_sessions_by_state
from sessions_app.states import SessionState

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class StateCount:
    """A state and how many sessions are in it; `is_more` when there are more than were counted."""

    state: str
    number: int
    is_more: bool = False


def count_sessions() -> list[StateCount]:
    """Return the states in the order of a session's life; those that are over are counted to 10,000."""
    live = [StateCount(state, number) for state, number in count_sessions_by_state().items()]
    over = UserSession.objects.filter(state=SessionState.DISPOSED).order_by()[:MOST_COUNTED].count()
    return [*live, StateCount(SessionState.DISPOSED, over, is_more=over == MOST_COUNTED)]
