"""Letting go of a session that another node owns by now, or is about to own."""

import json
import logging
from collections.abc import Callable

from sessions_app.lifecycle import residents
from sessions_app.lifecycle.reconciling import keep_counts
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import owner
from sessions_app.outbound.commands import Handed
from sessions_app.outbound.node_wire import flush_wires
from sessions_app.outbound.remote_link import RemoteLink
from sessions_app.protocol.codes import CloseCode, CloseReason

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.5

followers: list[Callable[[str], None]] = []
"""Called with the id of a session that came to this node or left it: its app sockets follow it to its owner."""


def leave(runtime: SessionRuntime) -> None:
    """Forget the session here; its rows belong to somebody else and its app sockets follow it there.

    One that is being ended here is not left: whoever took its rows disposed it, and the sockets are still to be closed.
    """
    if runtime.upkeep.is_ending:
        return
    if residents.find(runtime.ref.session_id) in (None, runtime):
        owner.disown(runtime.ref.session_id)
    residents.release(runtime)
    link, runtime.phone.link = runtime.phone.link, None
    if link is not None:
        link.close(CloseCode.NORMAL, CloseReason.REPLACED)
    runtime.close()
    call_followers(runtime.ref.session_id)
    logger.info("%s: the session is no longer owned by this node", runtime.ref.user_id)


def call_followers(session_id: str) -> None:
    """Have the app sockets of this node follow a session that came or left."""
    for follower in followers:
        follower(session_id)


def pack(runtime: SessionRuntime) -> Handed:
    """Return what no row holds of a session and the next owner needs; its hot state must end right after."""
    snapshot = runtime.upkeep.snapshot
    handed = Handed(
        snapshot={} if snapshot is None else json.loads(snapshot.entry()[1]),
        held={seat.package_name: seat.held.entries() for seat in runtime.apps if len(seat.held)},
        sounds=runtime.speaker.pack(),
    )
    for seat in runtime.apps:
        if isinstance(seat.link, RemoteLink):
            seat.link.confirm()
        seat.held.take()
    return handed


async def hand_on(runtime: SessionRuntime) -> Handed:
    """Let go of a session that the asking node takes next, and return what no row holds of it.

    Everything stops in one go; then what was under way ends: rows are written, and what was sent to app sockets on
    other nodes is on its way before the next owner may send anything there.
    """
    runtime.requests.give_up()
    keep_counts(runtime)
    handed = pack(runtime)
    leave(runtime)
    await runtime.upkeep.journal.flush()
    runtime.upkeep.journal.close()
    await flush_wires(FLUSH_SECONDS)
    return handed
