"""The moves of a camera stream and how its states are called towards apps."""

import pytest

from sessions_app.states import StreamKind, StreamState
from sessions_app.streaming.rules import (
    ENDS,
    TRANSITIONS,
    IllegalStreamMove,
    StreamEvent,
    event_of,
    next_stream_state,
    told_status,
)

# media.md §5: phone, what follows in a stream that is live, what the app is told.
MAPPING = [
    ("initializing", "initializing"),
    ("connecting", "initializing"),
    ("reconnecting", "initializing"),
    ("active", "active"),
    ("streaming", "active"),
    ("reconnected", "active"),
    ("stopping", "stopping"),
    ("stopped", "stopped"),
    ("disconnected", "stopped"),
    ("error", "error"),
    ("reconnect_failed", "error"),
    ("timeout", "timeout"),
]


@pytest.mark.parametrize(("said", "told"), MAPPING)
def test_every_status_of_the_phone_has_its_word_for_apps(said: str, told: str) -> None:
    event = event_of(said)
    assert event is not None
    after = next_stream_state(StreamState.ACTIVE, event)
    assert told_status(StreamKind.DIRECT, after, may_be_watched=False) == told


def test_a_word_nobody_knows_means_nothing() -> None:
    assert event_of("warming_up") is None


def test_what_is_over_stays_over() -> None:
    assert not [move for move in TRANSITIONS if move[0] in ENDS]
    with pytest.raises(IllegalStreamMove):
        next_stream_state(StreamState.STOPPED, StreamEvent.GLASSES_LIVE)


def test_every_state_is_reached_and_every_stream_can_end() -> None:
    reached = set(TRANSITIONS.values())
    assert reached == set(StreamState)
    for state in set(StreamState) - ENDS:
        ends = {after for (before, _), after in TRANSITIONS.items() if before is state}
        assert ends & ENDS, state


def test_glasses_that_were_to_stop_have_not_failed() -> None:
    assert next_stream_state(StreamState.STOPPING, StreamEvent.GLASSES_FAILED) is StreamState.STOPPED


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        (StreamState.PREPARING, "initializing", "initializing"),
        (StreamState.REQUESTED, "preparing", "active"),
        (StreamState.INITIALIZING, "preparing", "active"),
        (StreamState.ACTIVE, "preparing", "active"),
        (StreamState.RECONNECTING, "preparing", "active"),
        (StreamState.STOPPING, "stopping", "stopping"),
        (StreamState.STOPPED, "stopped", "stopped"),
        (StreamState.ERROR, "error", "error"),
        (StreamState.TIMEOUT, "error", "error"),
    ],
)
def test_a_managed_stream_is_active_when_it_may_be_watched(
    state: StreamState, before: str, after: str
) -> None:
    told = [told_status(StreamKind.MANAGED, state, may_be_watched=may) for may in (False, True)]
    assert told == [before, after]
