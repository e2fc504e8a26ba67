"""What every node hears: that a session has a new owner."""

from django.conf import settings

from sessions_app.clock import SystemClock
from sessions_app.outbound.node import EVERY_NODE
from sessions_app.outbound.node_wire import wire_to
from sessions_app.outbound.register import NodeRegister
from sessions_app.states import SessionRef

OWNER_CHANGED = "node.owner_changed"

register = NodeRegister(SystemClock())


def announce_owner(ref: SessionRef, previous_owner: str) -> None:
    """Tell every node that this one owns a session now.

    App sockets follow it, those that wait for its user try again, an owner that is still there lets go. A node that
    is alone tells nobody.
    """
    if previous_owner not in ("", settings.NODE_ID):
        register.see(previous_owner)
    elif not register.has_others():
        return
    wire_to(EVERY_NODE).send(
        {
            "type": OWNER_CHANGED,
            "session": ref.session_id,
            "user": ref.user_id,
            "generation": ref.generation,
            "node": settings.NODE_ID,
        }
    )
