"""Error codes, close codes and reasons of both sockets: what each means for the one who gets it.

Must not know which situation raises which code.
"""

from enum import IntEnum, StrEnum
from typing import Final, NamedTuple


class CloseCode(IntEnum):
    """WebSocket close codes the server uses (glasses-socket §7, app-socket §10)."""

    NORMAL = 1000
    GOING_AWAY = 1001
    POLICY_VIOLATION = 1008
    MESSAGE_TOO_BIG = 1009
    INTERNAL_ERROR = 1011
    TRY_AGAIN_LATER = 1013


class CloseReason(StrEnum):
    """Close reasons; the SDKs compare the texts of the first two."""

    APP_STOPPED = "App stopped"
    USER_SESSION_ENDED = "User session ended"
    REPLACED = "Replaced by new connection"
    SUPERSEDED = "Superseded by a newer connection"
    AUTHENTICATION_FAILED = "Authentication failed"
    INITIALIZATION_TIMEOUT = "Initialization timeout"
    HANDSHAKE_REFUSED = "Connection refused"
    TRY_AGAIN = "Try again later"
    INTERNAL_ERROR = "Internal server error"
    SERVER_SHUTTING_DOWN = "Server shutting down"
    SESSION_DISPOSED = "Session disposed"
    GOODBYE = "Goodbye"
    MESSAGE_TOO_BIG = "Message too big"
    TOO_SLOW = "Connection too slow"
    TOO_OFTEN = "Too many connections"
    KEY_ENDED = "API key revoked"


class StopReason(StrEnum):
    """Why an app was stopped (app-socket §8.2): USER_DISABLED only when the user said so."""

    USER_DISABLED = "user_disabled"
    SYSTEM_STOP = "system_stop"
    ERROR = "error"


class RejectCode(StrEnum):
    """Codes of `reconnect_rejected` that end the app's session (app-socket §3.4)."""

    NOT_RUNNING = "NOT_RUNNING"
    BOOT_TIMEOUT = "BOOT_TIMEOUT"


class DeferCode(StrEnum):
    """Codes of `reconnect_deferred` (app-socket §3.4)."""

    BOOTING = "BOOTING"
    AWAITING_APP_RESTORE = "AWAITING_APP_RESTORE"


class ErrorCode(StrEnum):
    """Codes in `connection_error`, `tpa_connection_error` and in the error fields of answers."""

    AUTHENTICATION_FAILED = "AUTHENTICATION_FAILED"
    INVALID_TOKEN = "INVALID_TOKEN"  # noqa: S105
    SESSION_ERROR = "SESSION_ERROR"
    INVALID_API_KEY = "INVALID_API_KEY"
    PACKAGE_NOT_FOUND = "PACKAGE_NOT_FOUND"
    SESSION_NOT_FOUND = "SESSION_NOT_FOUND"
    APP_NOT_STARTED = "APP_NOT_STARTED"
    APP_DEPRECATED = "APP_DEPRECATED"
    INVALID_JWT = "INVALID_JWT"
    JWT_INVALID = "JWT_INVALID"
    JWT_SIGNATURE_FAILED = "JWT_SIGNATURE_FAILED"
    MISSING_HEADERS = "MISSING_HEADERS"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    MALFORMED_MESSAGE = "MALFORMED_MESSAGE"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    PHONE_DISCONNECTED = "PHONE_DISCONNECTED"
    STALE_CONNECTION = "STALE_CONNECTION"
    WEBSOCKET_CLOSED = "WEBSOCKET_CLOSED"
    GLASSES_DISCONNECTED = "GLASSES_DISCONNECTED"
    WIFI_NOT_CONNECTED = "WIFI_NOT_CONNECTED"
    CAMERA_BUSY = "CAMERA_BUSY"
    STREAM_CREATE_FAILED = "STREAM_CREATE_FAILED"
    STREAM_CONFLICT = "STREAM_CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    TIMEOUT = "TIMEOUT"
    SPEECH_UNAVAILABLE = "SPEECH_UNAVAILABLE"
    SPEECH_FULL = "SPEECH_FULL"
    SPEECH_ENGINE_FAILED = "SPEECH_ENGINE_FAILED"
    SPEECH_LANGUAGE_UNSUPPORTED = "SPEECH_LANGUAGE_UNSUPPORTED"
    TRANSLATION_UNSUPPORTED = "TRANSLATION_UNSUPPORTED"
    TRANSLATION_FAILED = "TRANSLATION_FAILED"
    MESSAGE_TOO_LARGE = "MESSAGE_TOO_LARGE"
    USER_NOT_ACTIVE = "USER_NOT_ACTIVE"
    ROOM_FULL = "ROOM_FULL"
    ROOM_LIMIT = "ROOM_LIMIT"
    NOT_IN_ROOM = "NOT_IN_ROOM"


class ErrorFacts(NamedTuple):
    """What a code means.

    `close_code` is sent when the error ends a handshake; None means that the socket stays open. Once a peer
    is connected no error closes its socket. `retry` says whether the same attempt may succeed a little later.
    """

    close_code: CloseCode | None
    retry: bool
    message: str

    @property
    def closes(self) -> bool:
        """Whether the error ends a handshake with a close."""
        return self.close_code is not None


_REFUSE: Final = CloseCode.POLICY_VIOLATION
_E: Final = ErrorCode

ERROR_FACTS: Final[dict[ErrorCode, ErrorFacts]] = {
    _E.AUTHENTICATION_FAILED: ErrorFacts(_REFUSE, False, "Authentication failed"),
    _E.INVALID_TOKEN: ErrorFacts(_REFUSE, False, "The token is not valid; sign in again"),
    _E.SESSION_ERROR: ErrorFacts(CloseCode.INTERNAL_ERROR, True, "The session did not open; reconnect"),
    _E.INVALID_API_KEY: ErrorFacts(_REFUSE, False, "The API key is not valid for this app"),
    _E.PACKAGE_NOT_FOUND: ErrorFacts(_REFUSE, False, "No app with this package name is registered"),
    _E.SESSION_NOT_FOUND: ErrorFacts(_REFUSE, False, "The user has no session; wait for a start webhook"),
    _E.APP_NOT_STARTED: ErrorFacts(_REFUSE, False, "The app is not started for this user"),
    _E.APP_DEPRECATED: ErrorFacts(_REFUSE, False, "The app is no longer available"),
    _E.INVALID_JWT: ErrorFacts(_REFUSE, False, "The token is not valid"),
    _E.JWT_INVALID: ErrorFacts(_REFUSE, False, "The token is not valid"),
    _E.JWT_SIGNATURE_FAILED: ErrorFacts(_REFUSE, False, "The signature of the token is not valid"),
    _E.MISSING_HEADERS: ErrorFacts(_REFUSE, False, "Send the header x-user-id along with the token"),
    _E.INTERNAL_ERROR: ErrorFacts(CloseCode.INTERNAL_ERROR, True, "The server failed; try again"),
    _E.MALFORMED_MESSAGE: ErrorFacts(None, False, "The message could not be understood"),
    _E.PERMISSION_DENIED: ErrorFacts(None, False, "The app has not declared the permission this needs"),
    _E.NOT_SUPPORTED: ErrorFacts(None, False, "The connected glasses cannot do this"),
    _E.PHONE_DISCONNECTED: ErrorFacts(None, True, "The phone is not connected"),
    _E.STALE_CONNECTION: ErrorFacts(None, True, "The phone has been silent; its connection seems lost"),
    _E.WEBSOCKET_CLOSED: ErrorFacts(None, True, "The connection to the phone closed while sending"),
    _E.GLASSES_DISCONNECTED: ErrorFacts(None, True, "The glasses are not connected to the phone"),
    _E.WIFI_NOT_CONNECTED: ErrorFacts(None, True, "The glasses are not connected to Wi-Fi"),
    _E.CAMERA_BUSY: ErrorFacts(None, True, "The camera is in use"),
    _E.STREAM_CREATE_FAILED: ErrorFacts(None, True, "The stream could not be created"),
    _E.STREAM_CONFLICT: ErrorFacts(None, True, "Another stream of this user is running; stop it first"),
    _E.RATE_LIMITED: ErrorFacts(None, True, "Too many requests; slow down"),
    _E.TIMEOUT: ErrorFacts(None, True, "No answer came in time"),
    _E.SPEECH_UNAVAILABLE: ErrorFacts(None, True, "Nothing recognises speech at present"),
    _E.SPEECH_FULL: ErrorFacts(None, True, "All that recognises speech is in use"),
    _E.SPEECH_ENGINE_FAILED: ErrorFacts(None, True, "The speech recogniser failed"),
    _E.SPEECH_LANGUAGE_UNSUPPORTED: ErrorFacts(None, False, "The language is not recognised"),
    _E.TRANSLATION_UNSUPPORTED: ErrorFacts(None, False, "The pair of languages is not translated"),
    _E.TRANSLATION_FAILED: ErrorFacts(None, True, "The translation failed"),
    _E.MESSAGE_TOO_LARGE: ErrorFacts(None, False, "The message is too large"),
    _E.USER_NOT_ACTIVE: ErrorFacts(None, True, "The user does not run this app now"),
    _E.ROOM_FULL: ErrorFacts(None, True, "The room is full"),
    _E.ROOM_LIMIT: ErrorFacts(None, True, "There are too many rooms; leave one first"),
    _E.NOT_IN_ROOM: ErrorFacts(None, False, "The user is not in this room"),
}
