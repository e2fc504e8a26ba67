"""Exceptions of the runtime.

RuntimeFault
├── OwnershipLost         this node no longer owns the session: its write hit no row
├── OwnedElsewhere        another node owns the session and was not asked to hand it on yet
├── SessionAbsent         no node owns a live session of this user
├── NodeIdTaken           another process goes by the name of this node
├── OwnerUnreachable      the owning node did not answer in time
├── RefusedRepeat         a webhook must not or cannot be sent again
├── GalleryFull           somebody's photos take all they may take
├── IncidentFull          a report has all the logs or pictures it may have
├── StorageAway           a photo could not be stored
├── NoSuchTool            the app declares no tool of this name
├── TooManyToolCalls      this node calls as many tools as it can at once
├── ToolFailed            an app's server gave no answer to the call of a tool; carries a code
└── RefusedStart          an app cannot be started; carries the stage of lifecycle §5
"""


class RuntimeFault(Exception):
    """Base of everything the runtime raises on purpose."""


class OwnershipLost(RuntimeFault):
    """A fenced write hit no row: another owner took the session, or it is being disposed."""


class OwnedElsewhere(RuntimeFault):
    """The live session of a user belongs to another node, which may still hold what no row says."""

    def __init__(self, session_id: str, node_id: str, generation: int) -> None:
        super().__init__(f"Session {session_id} belongs to {node_id}")
        self.session_id = session_id
        self.node_id = node_id
        self.generation = generation


class NodeIdTaken(RuntimeFault):
    """A living process goes by this NODE_ID; the text is one sentence for the operator."""


class SessionAbsent(RuntimeFault):
    """There is no live session to ask."""


class OwnerUnreachable(RuntimeFault):
    """The owner of the session did not answer within the time-out."""


class RefusedRepeat(RuntimeFault):
    """A webhook must not be sent again now, or what was sent is not known any more; the text says why."""


class GalleryFull(RuntimeFault):
    """One more photo of this person would be too much; the text says so to them."""


class IncidentFull(RuntimeFault):
    """A report takes no more of this; the text says so."""


class StorageAway(RuntimeFault):
    """The storage of photos does not take any just now."""


class NoSuchTool(RuntimeFault):
    """The app declares no such tool; the text says so to who called it."""


class TooManyToolCalls(RuntimeFault):
    """This node, or one app's server, has as many calls of tools under way as it may."""

    retry_after_seconds = 1


class ToolFailed(RuntimeFault):
    """An app's server gave no answer to the call of a tool: `code` is TIMEOUT, UNREACHABLE or BAD_ANSWER."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class RefusedStart(RuntimeFault):
    """An app cannot be started.

    `stage` is one of lifecycle §5: WEBHOOK, CONNECTION, AUTHENTICATION, TIMEOUT, HARDWARE_CHECK, NOT_FOUND, DEPRECATED.
    """

    def __init__(self, stage: str, message: str) -> None:
        super().__init__(message)
        self.stage = stage
        self.message = message
