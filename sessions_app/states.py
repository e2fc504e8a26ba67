"""Names of the states of a session, of an app in it and of its stream, and the identity of a session.

Knows nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

SessionId = NewType("SessionId", str)
PackageName = NewType("PackageName", str)


class SessionState(StrEnum):
    """States of a user session (lifecycle §1.1)."""

    CONNECTING = "CONNECTING"
    ACTIVE = "ACTIVE"
    DISCONNECTED = "DISCONNECTED"
    DISPOSING = "DISPOSING"
    DISPOSED = "DISPOSED"


class RunState(StrEnum):
    """States of one app in a session (lifecycle §3.1)."""

    CONNECTING = "connecting"
    RUNNING = "running"
    GRACE_PERIOD = "grace_period"
    RESURRECTING = "resurrecting"
    DORMANT = "dormant"
    STOPPING = "stopping"
    STOPPED = "stopped"


class StreamKind(StrEnum):
    """DIRECT: the glasses push to an address of the app's choice. MANAGED: to a media server that many watch."""

    DIRECT = "unmanaged"
    MANAGED = "managed"


class StreamState(StrEnum):
    """Where a stream stands; the last three are its ends."""

    PREPARING = "preparing"
    REQUESTED = "requested"
    INITIALIZING = "initializing"
    ACTIVE = "active"
    RECONNECTING = "reconnecting"
    STOPPING = "stopping"
    STOPPED = "stopped"
    ERROR = "error"
    TIMEOUT = "timeout"


LIVE_SESSION_STATES = (SessionState.CONNECTING, SessionState.ACTIVE, SessionState.DISCONNECTED)
PRESENT_RUN_STATES = (RunState.RUNNING, RunState.GRACE_PERIOD, RunState.RESURRECTING, RunState.DORMANT)


@dataclass(slots=True)
class SessionRef:
    """Which session, whose, and the generation that fences its owner's writes.

    `generation` grows when the phone reconnects to the same owner; every other field stays.
    """

    session_id: SessionId
    user_id: str
    user_pk: int
    generation: int
