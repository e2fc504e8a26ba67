"""The frames by which users of an app hear of each other; one text for all of them (app-socket §8.7). Pure."""

from dataclasses import dataclass
from datetime import datetime

from msgspec import Raw

from sessions_app.protocol.base import NOTHING
from sessions_app.protocol.cloud_to_app import (
    AppMessageReceived,
    AppRoomUpdated,
    AppUserJoined,
    AppUserLeft,
    RoomData,
)
from sessions_app.protocol.codec import encode, iso


@dataclass(frozen=True, slots=True)
class Party:
    """One user of an app, as others of it know them."""

    user_id: str
    app_session_id: str


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room as its users see it; `metadata` is the raw JSON it was opened with, `users` how many are in it."""

    room_id: str
    users: int
    max_users: int
    is_private: bool = False
    metadata: bytes = b""


def received(sender: Party, payload: Raw, message_id: str | None, room_id: str | None, now: datetime) -> str:
    """Return what a message is to those who get it."""
    return encode(
        AppMessageReceived(
            payload=payload,
            message_id=message_id,
            sender_user_id=sender.user_id,
            sender_session_id=sender.app_session_id,
            room_id=room_id,
            timestamp=iso(now),
        )
    )


def joined(room: RoomFacts, who: Party, now: datetime) -> str:
    """Return what the others in a room hear of somebody who came."""
    at = iso(now)
    return encode(
        AppUserJoined(
            user_id=who.user_id,
            session_id=who.app_session_id,
            joined_at=at,
            room_id=room.room_id,
            timestamp=at,
        )
    )


def left(room: RoomFacts, who: Party, now: datetime) -> str:
    """Return what the others in a room hear of somebody who went."""
    at = iso(now)
    return encode(
        AppUserLeft(
            user_id=who.user_id, session_id=who.app_session_id, left_at=at, room_id=room.room_id, timestamp=at
        )
    )


def updated(room: RoomFacts, update_type: str, now: datetime) -> str:
    """Return how full a room is now, because of `update_type`: `user_joined` or `user_left`."""
    return encode(
        AppRoomUpdated(
            room_id=room.room_id,
            update_type=update_type,
            room_data=RoomData(
                current_users=room.users,
                member_count=room.users,
                max_users=room.max_users,
                is_private=room.is_private,
                metadata=Raw(room.metadata) if room.metadata else NOTHING,
            ),
            timestamp=iso(now),
        )
    )
