"""App sockets follow their session from owner to owner, without a word to the app (architecture §2).

No open socket stays without a seat for long: the heartbeat looks at all of them, and one that cannot be led to the
owner is closed so that its SDK comes again. Only while nobody has the session, because its phone is away, they wait.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from sessions_app.app_runs.attaching import Hello, is_overtaken
from sessions_app.app_runs.parking import wake
from sessions_app.app_runs.rules import Handshake, RunEvent, can
from sessions_app.database import DATABASE_AWAY, in_database
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.leaving import leave
from sessions_app.outbound import metrics
from sessions_app.outbound.commands import OVERTAKEN, SEATED
from sessions_app.outbound.owner import find_node_of
from sessions_app.outbound.ownership import OWNER_CHANGED
from sessions_app.protocol.codes import CloseCode, CloseReason
from sessions_app.selectors import find_whereabouts, list_ended
from sessions_app.states import SessionState
from sessions_app.transport import app_sockets
from sessions_app.transport.app_sockets import NOT_HERE, AppSocket
from sessions_app.transport.seats import LocalSeat, RemoteSeat, Seat, WaitingSeat, hand

logger = logging.getLogger(__name__)

LEFT_MEANWHILE = "closed while its session moved"
PATIENCE_SECONDS = 10.0
PAUSES_SECONDS = (0.05, 0.1, 0.3, 1.0)


@dataclass(slots=True)
class _Way:
    """A socket on its way; `news` is set when its session was heard of at `node_id`."""

    node_id: str
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


_ways: dict[AppSocket, _Way] = {}


def follow(session_id: str, node_id: str = "") -> None:
    """Lead every socket of a session to its owner: `node_id`, or the one the row names."""
    for socket in app_sockets.sockets_of(session_id):
        lead(socket, node_id)


def lead(socket: AppSocket, node_id: str = "") -> None:
    """Lead one socket; one that is just being led is led anew, because it may be on its way to the last owner."""
    if isinstance(socket.seat, LocalSeat):
        if socket.seat.is_taken:
            return
        socket.seat = WaitingSeat(socket.seat.give_unheard())
    way = _ways.get(socket)
    if way is not None:
        way.node_id = node_id
        way.news.set()
        return
    way = _ways[socket] = _Way(node_id)
    way.task = asyncio.get_running_loop().create_task(_lead(socket, way))


async def check_seats() -> None:
    """Lead every open socket that its session's present owner may not know of."""
    sockets = [socket for socket in app_sockets.seated() if socket.link.is_open and socket not in _ways]
    for socket in sockets:
        if not isinstance(socket.seat, RemoteSeat):
            lead(socket)
    app_sockets.tell_owners_of_guests()
    guests = [(socket, socket.seat) for socket in sockets if isinstance(socket.seat, RemoteSeat)]
    if not guests:
        return
    for _, seat in guests:
        seat.say_again()
    found = await in_database(find_whereabouts, {socket.session_id for socket, _ in guests})
    for socket, seat in guests:
        owner, _ = found.get(socket.session_id, ("", ""))
        if owner != seat.node_id:
            lead(socket)


async def _lead(socket: AppSocket, way: _Way) -> None:
    began, tries = time.monotonic(), 0
    try:
        while socket.link.is_open:
            way.news.clear()
            arrived = await _try(socket, way)
            if way.news.is_set():
                began, tries = time.monotonic(), 0
                continue
            if arrived or (time.monotonic() - began > PATIENCE_SECONDS and await _give_up(socket)):
                return
            await _pause(way, PAUSES_SECONDS[min(tries, len(PAUSES_SECONDS) - 1)])
            tries += 1
    finally:
        del _ways[socket]


async def _pause(way: _Way, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await way.news.wait()
    except TimeoutError:
        return


async def _is_over(socket: AppSocket) -> bool:
    """Close a socket whose session was disposed while its owner could not hear of it; say whether it was."""
    try:
        if not await in_database(list_ended, {socket.session_id}):
            return False
    except DATABASE_AWAY:
        return False
    socket.link.close(CloseCode.NORMAL, CloseReason.USER_SESSION_ENDED)
    return True


async def _give_up(socket: AppSocket) -> bool:
    """Close a socket that its session's owner does not take; leave one whose session has no phone as it is."""
    try:
        found = await in_database(find_whereabouts, {socket.session_id})
    except DATABASE_AWAY:
        return False
    _, state = found.get(socket.session_id, ("", ""))
    if state != SessionState.DISCONNECTED:
        logger.warning("%s finds no seat any more", socket.hello.facts.package_name)
        socket.link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.SUPERSEDED)
    return True


async def _try(socket: AppSocket, way: _Way) -> bool:
    """Ask the owner once; true when the socket needs no more leading."""
    hello = replace(socket.hello, handshake=Handshake.TRANSFER)
    heard_of, way.node_id = way.node_id, ""
    try:
        node_id = heard_of or await find_node_of(socket.session_id)
        if _is_closed(socket):
            return True
        if node_id == settings.NODE_ID:
            return _seat_here(socket, hello)
        reply, seat = await app_sockets.ask_for_seat(node_id, socket.session_id, socket.link, hello)
    except (OwnerUnreachable, SessionAbsent, *DATABASE_AWAY) as error:
        logger.info("%s cannot follow its session yet: %s", hello.facts.package_name, error)
        return isinstance(error, SessionAbsent) and await _is_over(socket)
    if reply.code == OVERTAKEN.code:
        socket.link.close(CloseCode.NORMAL, CloseReason.REPLACED)
        return True
    held = socket.seat
    if reply.code == SEATED.code and isinstance(held, RemoteSeat) and held.node_id == node_id:
        app_sockets.keep_seat(held)
    elif reply.ok:
        _change_seat(socket, seat)
        if _is_closed(socket):
            # It closed while the owner was asked and left a seat that nobody kept: the owner waits for it no more.
            await seat.leave(LEFT_MEANWHILE)
    return reply.ok


def _is_closed(socket: AppSocket) -> bool:
    return not socket.link.is_open


def _seat_here(socket: AppSocket, hello: Hello) -> bool:
    runtime = residents.find(socket.session_id)
    package_name = hello.facts.package_name
    seat = runtime.apps.find(package_name) if runtime is not None else None
    if runtime is None or seat is None or not can(seat.state, RunEvent.ATTACHED):
        return False
    if is_overtaken(seat, hello):
        socket.link.close(CloseCode.NORMAL, CloseReason.REPLACED)
        return True
    if seat.link is not socket.link:
        runtime.apps.attach(package_name, socket.link, hello)
    _change_seat(socket, LocalSeat(runtime, package_name, socket.link))
    return True


def _change_seat(socket: AppSocket, seat: Seat) -> None:
    """Give a socket its new seat, which first takes what no owner has handled."""
    unheard = socket.seat.give_unheard()
    socket.seat = seat
    for frame in unheard:
        hand(seat, frame)


def take_owner_changed(message: dict[str, Any]) -> None:
    """Hear of a session's new owner: let go of it, lead its sockets there and let those that wait try again."""
    runtime = residents.find(message["session"])
    if message["node"] != settings.NODE_ID:
        if runtime is not None and message["generation"] <= runtime.ref.generation:
            return  # late news: the session came here since then
        if runtime is not None:
            leave(runtime)
        wake(message["user"])
    follow(message["session"], message["node"])


def take_not_here(message: dict[str, Any]) -> None:
    """Hear from a node that it does not have the seat of a socket here."""
    follow(message["session"])


RECEIVERS = {**app_sockets.RECEIVERS, OWNER_CHANGED: take_owner_changed, NOT_HERE: take_not_here}


metrics.watch("transfers", lambda: len(_ways))
