"""Letting go of a session that another node owns by now."""

import logging
from collections.abc import Callable

from sessions_app.lifecycle import residents
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import owner
from sessions_app.protocol.codes import CloseCode, CloseReason

logger = logging.getLogger(__name__)

followers: list[Callable[[str], None]] = []
"""Called with the id of a session that this node let go: its app sockets follow it to the new owner."""


def leave(runtime: SessionRuntime) -> None:
    """Forget the session here; its rows belong to somebody else and its app sockets follow it there."""
    residents.release(runtime)
    owner.disown(runtime.ref.session_id)
    link, runtime.phone.link = runtime.phone.link, None
    if link is not None:
        link.close(CloseCode.NORMAL, CloseReason.REPLACED)
    runtime.close()
    for follower in followers:
        follower(runtime.ref.session_id)
    logger.info("%s: the session is no longer owned by this node", runtime.ref.user_id)
