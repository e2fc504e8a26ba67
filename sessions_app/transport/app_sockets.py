"""The app sockets of this node, and the frames that travel between a socket here and a session on another node.

A node that holds a socket is a host to its guest, the app; how sockets change their owner is in `following`.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.dispatch import dispatch_from_app, take_sound_from_app
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.draining import CAUSE
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import metrics
from sessions_app.outbound.commands import AttachApp, Reply
from sessions_app.outbound.node_wire import wire_to
from sessions_app.outbound.owner import ask
from sessions_app.outbound.ownership import register
from sessions_app.outbound.remote_link import CONFIRMED, TO_GUEST, RemoteLink
from sessions_app.protocol.codes import CloseCode, CloseReason
from sessions_app.transport.links import LocalLink
from sessions_app.transport.seats import FROM_GUEST, RemoteSeat, Seat
from sessions_app.transport.state import node_state

NOT_HERE = "node.not_here"
GUESTS = "node.guests"
# A socket that was seated this long ago is in every list that its node sends.
SETTLED_SECONDS = 10.0


@dataclass(slots=True, eq=False)
class AppSocket:
    """One socket of an app on this node and the seat it has now."""

    link: LocalLink
    session_id: str
    hello: Hello
    seat: Seat


_arriving: set[LocalLink] = set()
_sockets: dict[int, AppSocket] = {}
_guests: dict[int, RemoteSeat] = {}


def expect_socket(link: LocalLink) -> None:
    """Note a socket that has no seat yet; on a node that shuts down it gets none."""
    _arriving.add(link)
    if node_state.draining:
        link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.SERVER_SHUTTING_DOWN)


def seat_socket(socket: AppSocket) -> None:
    """Note a socket that has its seat."""
    _arriving.discard(socket.link)
    _sockets[socket.link.connection] = socket


def forget_socket(link: LocalLink) -> None:
    """Forget a socket that closed."""
    _arriving.discard(link)
    _sockets.pop(link.connection, None)
    _guests.pop(link.connection, None)


def send_everybody_away() -> None:
    """Close every app socket of this node that is still open, because it shuts down.

    One that has its seat elsewhere is 1001, and its owner hears why; one that has none yet may try again at once,
    which SDK 2 does after 1013 only.
    """
    for socket in list(_sockets.values()):
        if isinstance(socket.seat, RemoteSeat):
            socket.seat.send_away(CAUSE)
        socket.link.close(CloseCode.GOING_AWAY, CloseReason.SERVER_SHUTTING_DOWN)
    for link in list(_arriving):
        link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.SERVER_SHUTTING_DOWN)


async def ask_for_seat(node_id: str, session_id: str, link: LocalLink, hello: Hello) -> tuple[Reply, Seat]:
    """Ask the owner on another node for a seat; its answer to the app may come before the reply.

    From now on only that node may send to this socket. Raises SessionAbsent or OwnerUnreachable.
    """
    package_name = hello.facts.package_name
    before, seat = _guests.get(link.connection), RemoteSeat(node_id, session_id, package_name, link)
    keep_seat(seat)
    reply = await ask(
        session_id,
        AttachApp(
            package_name=package_name,
            node_id=settings.NODE_ID,
            guest=link.connection,
            handshake=hello.handshake,
            key_id=hello.key_id,
            family=hello.family,
            sdk_version=hello.sdk_version,
            setting_values=hello.setting_values,
            user_settings=hello.user_settings,
            introduced_at=hello.introduced_at,
            greeting=hello.greeting,
        ),
        node_id=node_id,
    )
    if not reply.ok and before is not None:
        keep_seat(before)
    return reply, seat


def keep_seat(seat: RemoteSeat) -> None:
    """Let the node of this seat, and no other, send to its socket; one that closed meanwhile was forgotten."""
    if seat.link.is_open:
        _guests[seat.link.connection] = seat


def seated() -> list[AppSocket]:
    """Return every socket of this node that was given a seat."""
    return list(_sockets.values())


def sockets_of(session_id: str) -> list[AppSocket]:
    """Return the sockets of one session."""
    return [socket for socket in _sockets.values() if socket.session_id == session_id]


def tell_owners_of_guests() -> None:
    """Tell each other node which sockets here have a seat there; it says which of them it does not know.

    A node without any is told as well: it may still count on sockets of a process of this node that died.
    """
    guests: dict[str, list[tuple[str, str, int]]] = {node_id: [] for node_id in register.others()}
    for connection, seat in _guests.items():
        guests.setdefault(seat.node_id, []).append((seat.session_id, seat.package_name, connection))
    for node_id, known in guests.items():
        wire_to(node_id).send({"type": GUESTS, "node": settings.NODE_ID, "guests": known})


def lose_guests_of_lost_nodes() -> None:
    """Take apps whose socket was on a node that is gone for disconnected."""
    for runtime, seat, link in list(_remote_links()):
        if register.is_gone(link.node_id):
            _lose(runtime, seat, link, f"node {link.node_id} is gone")


def _remote_links() -> Iterator[tuple[SessionRuntime, AppSeat, RemoteLink]]:
    for runtime in residents.residents():
        for seat in runtime.apps:
            if isinstance(seat.link, RemoteLink):
                yield runtime, seat, seat.link


def _lose(
    runtime: SessionRuntime, seat: AppSeat, link: RemoteLink, cause: str, *, sent_away: bool = False
) -> None:
    link.is_open = False
    runtime.apps.detach(seat.package_name, link.connection, cause, sent_away=sent_away)


def _take_for_guest(message: dict[str, Any]) -> None:
    """Pass a frame on to a socket here, unless it comes from a node that does not own the session any more."""
    seat = _guests.get(message["guest"])
    if seat is None or seat.node_id != message["from"]:
        return
    link = seat.link
    if "text" in message:
        link.send_text(message["text"])
    elif "bytes" in message:
        link.send_bytes(message["bytes"])
    else:
        link.close(message["close"], message["reason"])


def _take_from_guest(message: dict[str, Any]) -> None:
    runtime = residents.find(message["session"])
    seat = runtime.apps.find(message["package"]) if runtime is not None else None
    link = seat.link if seat is not None else None
    if runtime is None:
        if not node_state.draining:
            wire_to(message["node"]).send({"type": NOT_HERE, "session": message["session"]})
        return
    if seat is None or not isinstance(link, RemoteLink):
        return
    if not link.leads_to(message["node"], message["guest"]):
        return
    if "text" in message and link.is_open:
        dispatch_from_app(runtime, seat, message["text"])
        link.handled(message["number"])
    elif "bytes" in message and link.is_open:
        take_sound_from_app(runtime, seat, message["bytes"])
        link.handled(message["number"])
    elif "gone" in message:
        _lose(runtime, seat, link, message["gone"], sent_away=message.get("sent_away", False))


def _take_confirmed(message: dict[str, Any]) -> None:
    seat = _guests.get(message["guest"])
    if seat is not None and seat.node_id == message["from"]:
        seat.confirm(message["number"])


def _take_guests(message: dict[str, Any]) -> None:
    """Compare what another node says of its sockets with the seats here, and set right what differs."""
    node_id, guests = message["node"], set()
    for session_id, package_name, guest in message["guests"]:
        guests.add(guest)
        runtime = residents.find(session_id)
        seat = runtime.apps.find(package_name) if runtime is not None else None
        link = seat.link if seat is not None else None
        if not (isinstance(link, RemoteLink) and link.is_open and link.leads_to(node_id, guest)):
            wire_to(node_id).send({"type": NOT_HERE, "session": session_id})
    for runtime, seat, link in list(_remote_links()):
        known = link.node_id != node_id or link.guest in guests
        if not known and time.monotonic() - link.made_at > SETTLED_SECONDS:
            _lose(runtime, seat, link, f"node {node_id} has no such socket")


RECEIVERS = {
    TO_GUEST: _take_for_guest,
    FROM_GUEST: _take_from_guest,
    CONFIRMED: _take_confirmed,
    GUESTS: _take_guests,
}

metrics.watch("arriving_sockets", lambda: len(_arriving))
metrics.watch("app_sockets", lambda: len(_sockets))
metrics.watch("guests", lambda: len(_guests))
