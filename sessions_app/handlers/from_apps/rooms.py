"""Rooms in which users of one app meet (app-socket §7.5)."""

from functools import partial

from sessions_app.app_runs.seat import AppSeat
from sessions_app.database import in_database
from sessions_app.handlers.registry import from_app
from sessions_app.handlers.senders import Sender, Work, reject, sender_of, undertake
from sessions_app.lifecycle.peers import line_of, spread, tell
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.messaging.news import USER_JOINED, USER_LEFT, news_of_arrival, news_of_departure
from sessions_app.messaging.rules import (
    NOT_IN_ROOM,
    ROOM_CHANGES,
    TOO_OFTEN,
    Refusal,
    room_refusal,
    room_size,
)
from sessions_app.messaging.services import RoomChange, RoomRefused, RoomWish, join_room, leave_rooms
from sessions_app.messaging.wording import updated
from sessions_app.protocol.app_to_cloud import AppRoomJoin, AppRoomLeave, RoomConfig


@from_app(AppRoomJoin)
def on_app_room_join(runtime: SessionRuntime, seat: AppSeat, message: AppRoomJoin) -> None:
    """Bring the user into a room and tell everybody in it; whoever is there already only hears how full it is."""
    config = message.room_config or RoomConfig()
    metadata = bytes(config.metadata)
    wish = RoomWish(message.room_id, room_size(config.max_users), bool(config.is_private), metadata.decode())
    sender = sender_of(runtime, seat)
    _undertake(sender, room_refusal(message.room_id, metadata), partial(_join, sender, wish))


@from_app(AppRoomLeave)
def on_app_room_leave(runtime: SessionRuntime, seat: AppSeat, message: AppRoomLeave) -> None:
    """Take the user out of a room and tell everybody in it."""
    sender = sender_of(runtime, seat)
    _undertake(sender, room_refusal(message.room_id), partial(_leave, sender, message.room_id))


def _undertake(sender: Sender, problem: Refusal | None, work: Work) -> None:
    if problem is None and not sender.may(ROOM_CHANGES):
        problem = TOO_OFTEN
    if problem is not None:
        reject(sender, sender.refusal(problem))
        return
    undertake(sender, line_of(sender.session_id, sender.package_name), work, sender.refusal)


async def _join(sender: Sender, wish: RoomWish) -> Refusal | None:
    now = sender.clock.now()
    try:
        change = await in_database(
            join_room, session_id=sender.session_id, package_name=sender.package_name, wish=wish, now=now
        )
    except RoomRefused as refused:
        return refused.refusal
    if change.is_new:
        spread(news_of_arrival(change, now))
    else:
        await _tell_state(sender, change, USER_JOINED)
    return None


async def _leave(sender: Sender, room_id: str) -> Refusal | None:
    changes = await in_database(
        leave_rooms, session_id=sender.session_id, package_name=sender.package_name, room_id=room_id
    )
    if not changes:
        return NOT_IN_ROOM
    for change in changes:
        spread(news_of_departure(change, sender.clock.now()))
        await _tell_state(sender, change, USER_LEFT)
    return None


async def _tell_state(sender: Sender, change: RoomChange, update_type: str) -> None:
    text = updated(change.room, update_type, sender.clock.now())
    await tell(sender.session_id, sender.package_name, text)
