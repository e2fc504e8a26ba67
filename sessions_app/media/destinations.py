"""Where an open request of one's own session sends the phone, asked from any process."""

from asgiref.sync import async_to_sync

from sessions_app.errors import SessionAbsent
from sessions_app.media.rules import HardwareKind
from sessions_app.outbound.commands import Destination, FindRequest, Reply
from sessions_app.outbound.owner import ask
from sessions_app.selectors import find_live_session


def find_destination(user_pk: int, request_id: str, kind: HardwareKind) -> Destination | None:
    """Return where a request to this user's phone leads; None unless it is open in their own live session. Blocking.

    Raises OwnerUnreachable when the owner of the session does not answer.
    """
    session = find_live_session(user_pk)
    if session is None:
        return None
    try:
        reply: Reply = async_to_sync(ask)(
            str(session.pk), FindRequest(request_id, kind), node_id=session.owner
        )
    except SessionAbsent:
        return None
    return reply.destination
