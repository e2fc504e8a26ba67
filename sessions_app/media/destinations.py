"""Where an open request of one's own session sends the phone, asked from any process."""

from sessions_app.errors import SessionAbsent
from sessions_app.media.rules import HardwareKind
from sessions_app.outbound.commands import Destination, FindRequest
from sessions_app.outbound.owner import ask_session_of


def find_destination(user_pk: int, request_id: str, kind: HardwareKind) -> Destination | None:
    """Return where a request to this user's phone leads; None unless it is open in their own live session. Blocking.

    Raises OwnerUnreachable when the owner of the session does not answer.
    """
    try:
        return ask_session_of(user_pk, FindRequest(request_id, kind)).destination
    except SessionAbsent:
        return None
