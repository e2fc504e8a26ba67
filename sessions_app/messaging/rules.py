"""What users of one app may say to each other, how much and how often (app-socket §7.5). Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sessions_app.buckets import Limit
from sessions_app.protocol.base import Number
from sessions_app.protocol.codes import ErrorCode

MOST_PAYLOAD_BYTES = 32 * 1024
MOST_METADATA_BYTES = 4 * 1024
LONGEST_MESSAGE_ID = 200
LONGEST_ROOM_ID = 100
DEFAULT_ROOM_USERS = 100
MOST_ROOM_USERS = 500
MOST_ROOMS_OF_APP = 1_000
MOST_ROOMS_OF_SESSION = 20
MOST_LISTED = 500

# Of one user's session with an app.
DIRECT_MESSAGES = Limit(20, 60)
BROADCASTS = Limit(5, 20)
ROOM_CHANGES = Limit(2, 20)
QUESTIONS = Limit(0.5, 5)
# Of an app, for the users that one node owns: how often its broadcasts reach somebody.
DELIVERIES = Limit(2_000, 10_000)

PROFILE_CONSENT = "share_profile_with_app_users"
"""The setting of the system by which somebody lets other users of an app see their name."""


class Refusal(NamedTuple):
    """Why something is not done: a code for programs and a sentence for whoever reads it."""

    code: ErrorCode
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


TOO_OFTEN = Refusal(ErrorCode.RATE_LIMITED, "This app sends too many messages; wait a moment")
CLOUD_FAILED = Refusal(
    ErrorCode.INTERNAL_ERROR, "The message was not delivered: the cloud is busy; try again"
)
NOT_ACTIVE = Refusal(ErrorCode.USER_NOT_ACTIVE, "The user does not run this app now")
NOT_REACHED = Refusal(ErrorCode.TIMEOUT, "The node of the user did not answer in time")
ROOM_FULL = Refusal(ErrorCode.ROOM_FULL, "The room is full")
NOT_IN_ROOM = Refusal(ErrorCode.NOT_IN_ROOM, "The user is not in this room; join it first")
TOO_MANY_ROOMS = Refusal(ErrorCode.ROOM_LIMIT, f"An app may have {MOST_ROOMS_OF_APP} rooms at a time")
IN_TOO_MANY_ROOMS = Refusal(
    ErrorCode.ROOM_LIMIT, f"A user may be in {MOST_ROOMS_OF_SESSION} rooms of an app; leave one first"
)


def message_refusal(payload: bytes | memoryview, message_id: str | None) -> Refusal | None:
    """Return why a message is not taken, whatever it says; None when it is."""
    if len(payload) > MOST_PAYLOAD_BYTES:
        most = MOST_PAYLOAD_BYTES // 1024
        return Refusal(ErrorCode.MESSAGE_TOO_LARGE, f"A message's payload may have {most} KB of JSON")
    if len(message_id or "") > LONGEST_MESSAGE_ID:
        return Refusal(ErrorCode.MALFORMED_MESSAGE, f"messageId: at most {LONGEST_MESSAGE_ID} characters")
    return None


def room_refusal(room_id: str, metadata: bytes | memoryview = b"") -> Refusal | None:
    """Return why no room can have this name or metadata; None when one can."""
    if not room_id.strip() or len(room_id) > LONGEST_ROOM_ID or "\0" in room_id:
        return Refusal(ErrorCode.MALFORMED_MESSAGE, f"roomId: 1 to {LONGEST_ROOM_ID} characters")
    if len(metadata) > MOST_METADATA_BYTES:
        most = MOST_METADATA_BYTES // 1024
        return Refusal(ErrorCode.MESSAGE_TOO_LARGE, f"A room's metadata may have {most} KB of JSON")
    return None


def room_size(wish: Number | None) -> int:
    """Return how many users a new room takes, for the `maxUsers` it was asked for."""
    if wish is None:
        return DEFAULT_ROOM_USERS
    return int(min(max(wish, 1), MOST_ROOM_USERS))


def shows_profile(settings: Mapping[str, Any]) -> bool:
    """Say whether somebody with these settings lets other users of an app see their profile."""
    return settings.get(PROFILE_CONSENT) is True
