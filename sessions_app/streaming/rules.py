"""The state machine of a camera stream and what its states are called on the wire (media.md §5, §6).

Pure. Must not know sessions, sockets, timers or media servers.
"""

from enum import StrEnum
from typing import Final

from sessions_app.states import StreamKind, StreamState

KEEP_ALIVE_SECONDS: Final = 15.0
ACK_SECONDS: Final = 10.0
MOST_MISSED: Final = 3
SILENCE_SECONDS: Final = 60.0
AWAY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 5.0
# The SDKs give up after 30 s.
ACTIVE_WITHIN_SECONDS: Final = 25.0
POLL_SECONDS: Final = 2.0
POLLED_SECONDS: Final = 60.0
MOST_OUTPUTS: Final = 10
# The owner of a stream that the phone wants for its own apps (glasses-socket §4.6).
PHONE: Final = "__phone__"
# What the phone is told in place of an app when many may watch.
MANAGED_APP_ID: Final = "MANAGED_STREAM"


class StreamEvent(StrEnum):
    """What can happen to a stream."""

    ASKED = "asked"
    PLACE_ASKED = "place_asked"
    PLACE_READY = "place_ready"
    GLASSES_BEGIN = "glasses_begin"
    GLASSES_LIVE = "glasses_live"
    GLASSES_STOPPING = "glasses_stopping"
    GLASSES_STOPPED = "glasses_stopped"
    GLASSES_FAILED = "glasses_failed"
    GLASSES_TIMED_OUT = "glasses_timed_out"
    PHONE_LOST = "phone_lost"
    STAYED_AWAY = "stayed_away"
    FELL_SILENT = "fell_silent"
    FAILED = "failed"
    STOP = "stop"
    STOP_UNANSWERED = "stop_unanswered"


class IllegalStreamMove(Exception):
    """The table has no such move."""


_S, _E = StreamState, StreamEvent
_UNDER_WAY = (_S.REQUESTED, _S.INITIALIZING, _S.ACTIVE, _S.RECONNECTING)

TRANSITIONS: Final[dict[tuple[StreamState | None, StreamEvent], StreamState]] = {
    (None, _E.ASKED): _S.REQUESTED,
    (None, _E.PLACE_ASKED): _S.PREPARING,
    (_S.PREPARING, _E.PLACE_READY): _S.REQUESTED,
    (_S.PREPARING, _E.FAILED): _S.ERROR,
    # The phone knows nothing of it yet.
    (_S.PREPARING, _E.STOP): _S.STOPPED,
    **{(state, _E.GLASSES_BEGIN): _S.INITIALIZING for state in _UNDER_WAY},
    **{(state, _E.GLASSES_LIVE): _S.ACTIVE for state in _UNDER_WAY},
    **{(state, _E.GLASSES_STOPPING): _S.STOPPING for state in _UNDER_WAY},
    **{(state, _E.GLASSES_STOPPED): _S.STOPPED for state in _UNDER_WAY},
    **{(state, _E.GLASSES_FAILED): _S.ERROR for state in _UNDER_WAY},
    **{(state, _E.GLASSES_TIMED_OUT): _S.TIMEOUT for state in _UNDER_WAY},
    **{(state, _E.PHONE_LOST): _S.RECONNECTING for state in _UNDER_WAY},
    **{(state, _E.STAYED_AWAY): _S.STOPPED for state in _UNDER_WAY},
    **{(state, _E.FELL_SILENT): _S.TIMEOUT for state in _UNDER_WAY},
    **{(state, _E.FAILED): _S.ERROR for state in _UNDER_WAY},
    **{(state, _E.STOP): _S.STOPPING for state in _UNDER_WAY},
    # However the glasses word it: they were to stop, and they did.
    (_S.STOPPING, _E.GLASSES_STOPPED): _S.STOPPED,
    (_S.STOPPING, _E.GLASSES_FAILED): _S.STOPPED,
    (_S.STOPPING, _E.GLASSES_TIMED_OUT): _S.STOPPED,
    (_S.STOPPING, _E.STOP_UNANSWERED): _S.STOPPED,
}

ENDS: Final = frozenset({_S.STOPPED, _S.ERROR, _S.TIMEOUT})


def next_stream_state(state: StreamState | None, event: StreamEvent) -> StreamState:
    """Return the state after `event`; raise IllegalStreamMove when the table has no such move."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalStreamMove(f"A stream in {state} cannot take {event}") from None


def can(state: StreamState | None, event: StreamEvent) -> bool:
    """Say whether `event` is legal in `state`."""
    return (state, event) in TRANSITIONS


_SAID: Final = {
    "initializing": _E.GLASSES_BEGIN,
    "connecting": _E.GLASSES_BEGIN,
    "reconnecting": _E.GLASSES_BEGIN,
    "active": _E.GLASSES_LIVE,
    "streaming": _E.GLASSES_LIVE,
    "reconnected": _E.GLASSES_LIVE,
    "stopping": _E.GLASSES_STOPPING,
    "stopped": _E.GLASSES_STOPPED,
    "disconnected": _E.GLASSES_STOPPED,
    "error": _E.GLASSES_FAILED,
    "reconnect_failed": _E.GLASSES_FAILED,
    "timeout": _E.GLASSES_TIMED_OUT,
}
OVER: Final = frozenset({_E.GLASSES_STOPPED, _E.GLASSES_FAILED, _E.GLASSES_TIMED_OUT})


def event_of(phone_status: str) -> StreamEvent | None:
    """Return what a status of the phone means (media.md §5); None for a word nobody knows."""
    return _SAID.get(phone_status)


def told_status(kind: StreamKind, state: StreamState, *, may_be_watched: bool) -> str:
    """Return how a state is called towards apps (app-socket §8.5).

    A managed stream is active when it may be watched, whatever the glasses say meanwhile: its addresses stay good.
    """
    if kind is StreamKind.DIRECT:
        return _S.INITIALIZING if state is _S.REQUESTED else state
    if state is _S.PREPARING:
        return _S.INITIALIZING
    if state in _UNDER_WAY:
        return _S.ACTIVE if may_be_watched else _S.PREPARING
    return _S.ERROR if state is _S.TIMEOUT else state
