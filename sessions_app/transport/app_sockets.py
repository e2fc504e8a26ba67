"""The app sockets of this node, and what other nodes send concerning them.

A socket outlives changes of its session's owner: it is led to the new one without a word to the app.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.parking import wake
from sessions_app.app_runs.rules import Handshake, RunEvent, can
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.handlers.dispatch import dispatch_from_app
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.draining import CAUSE
from sessions_app.lifecycle.leaving import leave
from sessions_app.outbound.commands import AttachApp, Reply
from sessions_app.outbound.node_wire import wire_to
from sessions_app.outbound.owner import ask, find_node_of
from sessions_app.outbound.ownership import OWNER_CHANGED, register
from sessions_app.outbound.remote_link import TO_GUEST, RemoteLink
from sessions_app.protocol.codes import CloseCode, CloseReason
from sessions_app.transport.links import LocalLink
from sessions_app.transport.seats import FROM_GUEST, LocalSeat, RemoteSeat, Seat
from sessions_app.transport.state import node_state

logger = logging.getLogger(__name__)

NOT_HERE = "node.not_here"
TRANSFER_PAUSES_SECONDS = (0.0, 0.1, 0.3, 1.0, 3.0)


@dataclass(slots=True, eq=False)
class AppSocket:
    """One socket of an app on this node and the seat it has now."""

    link: LocalLink
    session_id: str
    hello: Hello
    seat: Seat


_arriving: set[LocalLink] = set()
_sockets: dict[int, AppSocket] = {}
_guests: dict[int, LocalLink] = {}
_transfers: dict[AppSocket, asyncio.Task[None]] = {}
_overtaken: set[AppSocket] = set()


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

    Raises SessionAbsent or OwnerUnreachable.
    """
    package_name = hello.facts.package_name
    _guests[link.connection] = link
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
        ),
    )
    return reply, RemoteSeat(node_id, session_id, package_name, link)


def follow(session_id: str) -> None:
    """Lead every socket of a session to its owner of now.

    A socket that is just being led to an owner is led again afterwards: that one may be the last owner already.
    """
    for socket in list(_sockets.values()):
        if socket.session_id != session_id:
            continue
        if socket in _transfers:
            _overtaken.add(socket)
        else:
            _transfers[socket] = asyncio.get_running_loop().create_task(_transfer(socket))


async def _transfer(socket: AppSocket) -> None:
    try:
        for pause in TRANSFER_PAUSES_SECONDS:
            await asyncio.sleep(pause)
            if not socket.link.is_open or await _try_transfer(socket):
                return
        socket.link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.SUPERSEDED)
    finally:
        del _transfers[socket]
        if socket in _overtaken:
            _overtaken.discard(socket)
            follow(socket.session_id)


async def _try_transfer(socket: AppSocket) -> bool:
    hello = replace(socket.hello, handshake=Handshake.TRANSFER)
    node_id = await find_node_of(socket.session_id)
    if node_id == settings.NODE_ID:
        return _seat_here(socket, hello)
    try:
        reply, seat = await ask_for_seat(node_id, socket.session_id, socket.link, hello)
    except (OwnerUnreachable, SessionAbsent) as error:
        logger.info("%s cannot follow its session yet: %s", hello.facts.package_name, error)
        return False
    if reply.ok:
        socket.seat = seat
    return reply.ok


def _seat_here(socket: AppSocket, hello: Hello) -> bool:
    runtime = residents.find(socket.session_id)
    package_name = hello.facts.package_name
    seat = runtime.apps.find(package_name) if runtime is not None else None
    if runtime is None or seat is None or not can(seat.state, RunEvent.ATTACHED):
        return False
    if seat.link is not socket.link:
        runtime.apps.attach(package_name, socket.link, hello)
    socket.seat = LocalSeat(runtime, package_name, socket.link)
    return True


def lose_guests_of_lost_nodes() -> None:
    """Take apps whose socket was on a node that is gone for disconnected."""
    for runtime in residents.residents():
        for seat in runtime.apps:
            link = seat.link
            if isinstance(link, RemoteLink) and register.is_gone(link.node_id):
                link.is_open = False
                runtime.apps.detach(seat.package_name, link.connection, f"node {link.node_id} is gone")


def _take_for_guest(message: dict[str, Any]) -> None:
    link = _guests.get(message["guest"])
    if link is None:
        return
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
    if "text" in message:
        dispatch_from_app(runtime, seat, message["text"])
    elif "gone" in message:
        link.is_open = False
        sent_away = message.get("sent_away", False)
        runtime.apps.detach(seat.package_name, link.connection, message["gone"], sent_away=sent_away)


def _take_owner_changed(message: dict[str, Any]) -> None:
    runtime = residents.find(message["session"])
    elsewhere = message["node"] != settings.NODE_ID
    if runtime is not None and elsewhere and message["generation"] > runtime.ref.generation:
        leave(runtime)  # which has the sockets follow
    else:
        follow(message["session"])
    if elsewhere:
        wake(message["user"])


def _take_not_here(message: dict[str, Any]) -> None:
    follow(message["session"])


RECEIVERS = {
    NOT_HERE: _take_not_here,
    TO_GUEST: _take_for_guest,
    FROM_GUEST: _take_from_guest,
    OWNER_CHANGED: _take_owner_changed,
}
