"""The state machine of an app in a session, and what a connecting app socket is told. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.families import Family
from sessions_app.states import RunState


class RunEvent(StrEnum):
    """What can happen to an app in a session (lifecycle §3.2)."""

    START = "start"
    ATTACHED = "attached"
    START_FAILED = "start_failed"
    SOCKET_LOST = "socket_lost"
    RELEASED = "released"
    GRACE_ENDED = "grace_ended"
    GRACE_ENDED_AWAY = "grace_ended_away"
    USER_RETURNED = "user_returned"
    GAVE_UP = "gave_up"
    RETIRED = "retired"
    STOP = "stop"
    STOPPED = "stopped"
    SESSION_DISPOSED = "session_disposed"


class IllegalRunTransition(Exception):
    """The table has no such move."""


_S, _E = RunState, RunEvent
_ALIVE = (_S.CONNECTING, _S.RUNNING, _S.GRACE_PERIOD, _S.RESURRECTING, _S.DORMANT)

TRANSITIONS: dict[tuple[RunState | None, RunEvent], RunState] = {
    (None, _E.START): _S.CONNECTING,
    (_S.STOPPED, _E.START): _S.CONNECTING,
    (_S.CONNECTING, _E.ATTACHED): _S.RUNNING,
    (_S.CONNECTING, _E.START_FAILED): _S.STOPPED,
    (_S.RUNNING, _E.ATTACHED): _S.RUNNING,
    (_S.RUNNING, _E.SOCKET_LOST): _S.GRACE_PERIOD,
    (_S.RUNNING, _E.RELEASED): _S.DORMANT,
    (_S.GRACE_PERIOD, _E.ATTACHED): _S.RUNNING,
    (_S.GRACE_PERIOD, _E.GRACE_ENDED): _S.RESURRECTING,
    (_S.GRACE_PERIOD, _E.GRACE_ENDED_AWAY): _S.DORMANT,
    (_S.DORMANT, _E.ATTACHED): _S.RUNNING,
    (_S.DORMANT, _E.USER_RETURNED): _S.RESURRECTING,
    (_S.RESURRECTING, _E.ATTACHED): _S.RUNNING,
    (_S.RESURRECTING, _E.USER_RETURNED): _S.RESURRECTING,
    (_S.RESURRECTING, _E.GAVE_UP): _S.STOPPED,
    # An app that does not come back by itself any more, whether it was tried in this session or not (P-16).
    (None, _E.RETIRED): _S.STOPPED,
    (_S.STOPPED, _E.RETIRED): _S.STOPPED,
    (_S.STOPPING, _E.STOPPED): _S.STOPPED,
    (_S.STOPPING, _E.SESSION_DISPOSED): _S.STOPPED,
    **{(state, _E.STOP): _S.STOPPING for state in _ALIVE},
    **{(state, _E.SESSION_DISPOSED): _S.STOPPED for state in _ALIVE},
}


def next_run_state(state: RunState | None, event: RunEvent) -> RunState:
    """Return the state after `event`; raise IllegalRunTransition when the table has no such move."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalRunTransition(f"An app in {state} cannot take {event}") from None


def can(state: RunState | None, event: RunEvent) -> bool:
    """Say whether `event` is legal in `state`."""
    return (state, event) in TRANSITIONS


class Handshake(StrEnum):
    """How an app introduces itself (app-socket §3.1)."""

    INIT = "init"
    RECONNECT = "reconnect"
    TRANSFER = "transfer"  # not by the app: its node follows the session to another owner


class Answer(StrEnum):
    """What a connecting app socket is told."""

    ACCEPT = "accept"
    REFUSE = "refuse"  # an error message, then close
    REJECT = "reject"  # `reconnect_rejected`, socket stays open
    PARK = "park"  # `reconnect_deferred`, socket waits for its user
    HOLD = "hold"  # wait a little without a word, for clients that know no parking


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with its code and, for a refusal, the close code."""

    answer: Answer
    code: str = ""
    close: int = 1008


ACCEPT = Verdict(Answer.ACCEPT)
_NOT_RUNNING = Verdict(Answer.REJECT, "NOT_RUNNING")
_ATTACHABLE = (_S.CONNECTING, _S.RESURRECTING, _S.RUNNING, _S.GRACE_PERIOD, _S.DORMANT)


def judge_handshake(
    handshake: Handshake, *, session_present: bool, booting: bool, run: RunState | None, restoring: bool
) -> Verdict:
    """Decide about an app whose key is valid (the table of app-socket §3.2).

    `booting`: the user's session may still arrive here; `restoring`: the session is here, its apps not yet.
    """
    reconnect = handshake is Handshake.RECONNECT
    if not session_present:
        if booting:
            return (
                Verdict(Answer.PARK, "BOOTING")
                if reconnect
                else Verdict(Answer.HOLD, ErrorCode.SESSION_NOT_FOUND)
            )
        return _NOT_RUNNING if reconnect else Verdict(Answer.REFUSE, ErrorCode.SESSION_NOT_FOUND)
    if run in _ATTACHABLE:
        return ACCEPT
    if restoring:
        if reconnect:
            return Verdict(Answer.PARK, "AWAITING_APP_RESTORE")
        return Verdict(Answer.HOLD, ErrorCode.APP_NOT_STARTED)
    return _NOT_RUNNING if reconnect else Verdict(Answer.REFUSE, ErrorCode.APP_NOT_STARTED)


def judge_key(handshake: Handshake, *, app_exists: bool, app_usable: bool, key_valid: bool) -> Verdict:
    """Decide about the app record and the key, before any session is looked at (app-socket §3.2)."""
    if not app_exists or not app_usable:
        if handshake is Handshake.RECONNECT:
            return _NOT_RUNNING
        code = ErrorCode.APP_DEPRECATED if app_exists else ErrorCode.PACKAGE_NOT_FOUND
        return Verdict(Answer.REFUSE, code)
    if not key_valid:
        return Verdict(Answer.REFUSE, ErrorCode.INVALID_API_KEY)
    return ACCEPT


def returns_when_sent_away(family: Family) -> bool:
    """Say whether an SDK comes back by itself after a close 1001: 2 takes it for the end, 3 does (app-socket §2)."""
    return family is Family.C


STOP_WEBHOOK_SECONDS = 5.0
CLOSE_AFTER_SECONDS = 1.0
LONGEST_GOODBYE_SECONDS = 10.0
_CLOCKS_DIFFER_SECONDS = 1.0
# One begun later than this after the next run might still be under way when that one calls.
_LATEST_GOODBYE_SECONDS = (
    LONGEST_GOODBYE_SECONDS - CLOSE_AFTER_SECONDS - STOP_WEBHOOK_SECONDS - _CLOCKS_DIFFER_SECONDS
)


def goodbye_comes_in_time(successor: RunState, started_at: datetime | None, now: datetime) -> bool:
    """Say whether an app may still be told that its session ended, although the user's next session has a run of it.

    Only while that one waits for this goodbye (10 s from `started_at`), and only when it will be over by then.
    """
    if successor is not RunState.CONNECTING or started_at is None:
        return False
    return (now - started_at).total_seconds() <= _LATEST_GOODBYE_SECONDS
