"""Exceptions of the runtime.

RuntimeFault
├── OwnershipLost         this node no longer owns the session: its write hit no row
├── SessionAbsent         no node owns a live session of this user
├── OwnerUnreachable      the owning node did not answer in time
└── RefusedStart          an app cannot be started; carries the stage of lifecycle §5
"""


class RuntimeFault(Exception):
    """Base of everything the runtime raises on purpose."""


class OwnershipLost(RuntimeFault):
    """A fenced write hit no row: another owner took the session, or it is being disposed."""


class SessionAbsent(RuntimeFault):
    """There is no live session to ask."""


class OwnerUnreachable(RuntimeFault):
    """The owner of the session did not answer within the time-out."""


class RefusedStart(RuntimeFault):
    """An app cannot be started.

    `stage` is one of lifecycle §5: WEBHOOK, CONNECTION, AUTHENTICATION, TIMEOUT, HARDWARE_CHECK, NOT_FOUND, DEPRECATED.
    """

    def __init__(self, stage: str, message: str) -> None:
        super().__init__(message)
        self.stage = stage
        self.message = message
