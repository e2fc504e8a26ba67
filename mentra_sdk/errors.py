"""What can go wrong for a mini app, as classes and as the reasons a session ends with."""

from enum import StrEnum

import msgspec

TOO_MANY = 429
SERVER_FAILS = 500
LOWEST_ERROR_STATUS, HIGHEST_ERROR_STATUS = 400, 599


class MentraError(Exception):
    """Base of every error this package raises."""


class MalformedMessage(MentraError):
    """A known message whose fields do not fit its class."""


class ConnectionFailed(MentraError):
    """The cloud's WebSocket could not be opened."""


class StorageFailed(MentraError):
    """What the app stores about a user could not be read or written; `status` is None when nobody answered."""

    def __init__(
        self, message: str, *, status: int | None = None, retry_after_seconds: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_seconds = retry_after_seconds

    @property
    def is_final(self) -> bool:
        """Tell whether the same call would be refused again."""
        return self.status is not None and self.status < SERVER_FAILS and self.status != TOO_MANY


class RequestFailed(MentraError):
    """A request that came to nothing; `code` says why in one word, such as "CAMERA_BUSY" (app-socket §10)."""

    def __init__(self, code: str, message: str, *, request_id: str | None = None) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.request_id = request_id


class RequestRefused(RequestFailed):
    """The cloud, the phone or the glasses said no, or failed."""


class RequestTimedOut(RequestFailed):
    """Nobody answered in time."""

    def __init__(self, seconds: float, *, request_id: str | None = None) -> None:
        super().__init__("TIMEOUT", f"no answer within {seconds:g} seconds", request_id=request_id)


class SessionOver(RequestFailed):
    """The session ended before the answer came, or had ended before the question."""

    def __init__(self, *, request_id: str | None = None) -> None:
        super().__init__("SESSION_OVER", "the session is over", request_id=request_id)


class InvalidSignature(MentraError):
    """A webhook that is not provably from the cloud."""


class ToolError(MentraError):
    """Raise it in a handler of tool calls: the caller gets its sentence, with an HTTP status from 400 to 599."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        if not LOWEST_ERROR_STATUS <= status <= HIGHEST_ERROR_STATUS:
            raise ValueError(f"{status} is no HTTP status of an error")
        super().__init__(message)
        self.status = status


class VisitorUnknown(MentraError):
    """Who looks at a page could not be found out, because the cloud did not answer; the proof may be good."""


class ServerError(MentraError):
    """The app's own HTTP server could not start."""


class CloudError(msgspec.Struct, frozen=True, kw_only=True):
    """An error the cloud reported (app-socket §10); given to `session.on_error` handlers."""

    code: str
    message: str
    request_id: str | None = None


class StopReason(StrEnum):
    """Why a session ended. The first three come from the cloud, the others from this side."""

    USER_DISABLED = "user_disabled"
    SYSTEM_STOP = "system_stop"
    ERROR = "error"
    CONNECTION_LOST = "connection_lost"
    REFUSED = "refused"
    REPLACED = "replaced"
    SHUTDOWN = "shutdown"


class Ending(msgspec.Struct, frozen=True):
    """The end of a session: a reason (a StopReason, or a newer word of the cloud) and a sentence about it."""

    reason: str
    message: str = ""
