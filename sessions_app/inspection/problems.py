"""How a call of an app's server can fail, and at which stage. Pure: knows no HTTP client."""

from enum import StrEnum
from typing import Final


class CallProblem(StrEnum):
    """Why a call of an app's server was no success."""

    BAD_ADDRESS = "BAD_ADDRESS"
    PRIVATE_ADDRESS = "PRIVATE_ADDRESS"
    UNKNOWN_HOST = "UNKNOWN_HOST"
    NOBODY_LISTENS = "NOBODY_LISTENS"
    TLS_FAILED = "TLS_FAILED"
    TIMED_OUT = "TIMED_OUT"
    BROKEN_ANSWER = "BROKEN_ANSWER"
    REDIRECT = "REDIRECT"
    NO_SUCH_PATH = "NO_SUCH_PATH"
    NOT_ALLOWED = "NOT_ALLOWED"
    TOO_MANY_CALLS = "TOO_MANY_CALLS"
    CLIENT_ERROR = "CLIENT_ERROR"
    SERVER_ERROR = "SERVER_ERROR"
    HELD_BACK = "HELD_BACK"
    MAY_NOT_RUN = "MAY_NOT_RUN"


class Stage(StrEnum):
    """How far a call came."""

    CLOUD = "cloud"
    ADDRESS = "address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    WAIT = "wait"
    ANSWER = "answer"


_P: Final = CallProblem
STAGES: Final[dict[CallProblem, Stage]] = {
    _P.BAD_ADDRESS: Stage.ADDRESS,
    _P.PRIVATE_ADDRESS: Stage.ADDRESS,
    _P.UNKNOWN_HOST: Stage.DNS,
    _P.NOBODY_LISTENS: Stage.CONNECT,
    _P.TLS_FAILED: Stage.TLS,
    _P.TIMED_OUT: Stage.WAIT,
    _P.BROKEN_ANSWER: Stage.WAIT,
    _P.REDIRECT: Stage.ANSWER,
    _P.NO_SUCH_PATH: Stage.ANSWER,
    _P.NOT_ALLOWED: Stage.ANSWER,
    _P.TOO_MANY_CALLS: Stage.ANSWER,
    _P.CLIENT_ERROR: Stage.ANSWER,
    _P.SERVER_ERROR: Stage.ANSWER,
    _P.HELD_BACK: Stage.CLOUD,
    _P.MAY_NOT_RUN: Stage.CLOUD,
}

_BY_STATUS: Final = {
    401: CallProblem.NOT_ALLOWED,
    403: CallProblem.NOT_ALLOWED,
    404: CallProblem.NO_SUCH_PATH,
    405: CallProblem.NO_SUCH_PATH,
    429: CallProblem.TOO_MANY_CALLS,
}
_CLASSES: Final = {3: CallProblem.REDIRECT, 4: CallProblem.CLIENT_ERROR, 2: None}


def problem_of_status(status: int) -> CallProblem | None:
    """Return what an HTTP status says is wrong; None for success."""
    return _BY_STATUS.get(status) or _CLASSES.get(status // 100, CallProblem.SERVER_ERROR)
