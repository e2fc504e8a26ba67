"""Coming into rooms and leaving them. Rows decide, so it does not matter which node a user is at.

A membership belongs to an app's run: it outlives sockets and owners, and ends when the run does.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from apps_registry.models import App
from sessions_app.messaging.rules import (
    IN_TOO_MANY_ROOMS,
    MOST_ROOMS_OF_APP,
    MOST_ROOMS_OF_SESSION,
    NOT_ACTIVE,
    ROOM_FULL,
    TOO_MANY_ROOMS,
    Refusal,
)
from sessions_app.messaging.selectors import NodesOfSessions, alive, members_of_room, nodes_of_room
from sessions_app.messaging.wording import Party, RoomFacts
from sessions_app.models import AppRoom, AppRun, RoomMember
from sessions_app.protocol.session_ids import app_session_id
from sessions_app.states import PRESENT_RUN_STATES


class RoomWish(NamedTuple):
    """How somebody wants a room that is not there yet; `metadata` is raw JSON."""

    room_id: str
    max_users: int
    is_private: bool = False
    metadata: str = ""


class RoomChange(NamedTuple):
    """A room after somebody came or went, and where the sessions are that are told (node → sessions)."""

    session_id: str
    package_name: str
    who: Party
    room: RoomFacts
    nodes: NodesOfSessions
    is_new: bool = True


class RoomRefused(Exception):
    """Somebody cannot come into a room; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def join_room(*, session_id: str, package_name: str, wish: RoomWish, now: datetime) -> RoomChange:
    """Bring an app session into a room, which is opened as `wish` says if it is not there; raises RoomRefused.

    Who is in the room already stays there, and the change is not `is_new`.
    """
    with transaction.atomic():
        run = AppRun.objects.filter(
            session__pk=session_id, package_name=package_name, state__in=PRESENT_RUN_STATES
        )
        mine = run.select_related("session__user").first()
        if mine is None:
            raise RoomRefused(NOT_ACTIVE)
        room = AppRoom.objects.filter(package_name=package_name, name=wish.room_id, members__run=mine).first()
        if room is not None:
            return _change(room, mine, is_new=False)
        if RoomMember.objects.filter(run=mine).count() >= MOST_ROOMS_OF_SESSION:
            raise RoomRefused(IN_TOO_MANY_ROOMS)
        room = _locked(package_name, wish.room_id) or _open(package_name, wish, now)
        if members_of_room(room.pk) >= room.max_users:
            raise RoomRefused(ROOM_FULL)
        RoomMember.objects.create(room=room, run=mine, joined_at=now)
        return _change(room, mine)


def leave_rooms(*, session_id: str, package_name: str, room_id: str | None = None) -> list[RoomChange]:
    """Take an app session out of a room, or out of all of them; rooms that nobody is in are closed."""
    members = RoomMember.objects.filter(run__session__pk=session_id, run__package_name=package_name)
    if room_id is not None:
        members = members.filter(room__name=room_id)
    return _remove(list(members.values_list("pk", flat=True)))


def end_memberships(most: int = 500) -> list[RoomChange]:
    """Take those out of their rooms whose app session is over, however it ended."""
    return _remove(list(RoomMember.objects.exclude(alive()).values_list("pk", flat=True)[:most]))


def _remove(members: list[int]) -> list[RoomChange]:
    return [change for pk in members if (change := _remove_one(pk)) is not None]


def _remove_one(pk: int) -> RoomChange | None:
    with transaction.atomic():
        member = RoomMember.objects.select_related("room", "run__session__user").filter(pk=pk).first()
        if member is None:
            return None
        # Who comes at the same moment waits here, and opens the room anew if it is closed.
        room = AppRoom.objects.select_for_update().filter(pk=member.room_id).first()
        if room is None or not RoomMember.objects.filter(pk=pk).delete()[0]:
            return None
        change = _change(room, member.run)
        if not RoomMember.objects.filter(room=room).exists():
            room.delete()
        return change


def _locked(package_name: str, room_id: str) -> AppRoom | None:
    return AppRoom.objects.select_for_update().filter(package_name=package_name, name=room_id).first()


def _open(package_name: str, wish: RoomWish, now: datetime) -> AppRoom:
    """Open a room, or return the one that somebody opened meanwhile; raises RoomRefused."""
    # One at a time for each app, so that its rooms can be counted.
    App.objects.select_for_update(no_key=True).filter(package_name=package_name).first()
    found = _locked(package_name, wish.room_id)
    if found is not None:
        return found
    if AppRoom.objects.filter(package_name=package_name).count() >= MOST_ROOMS_OF_APP:
        raise RoomRefused(TOO_MANY_ROOMS)
    return AppRoom.objects.create(
        package_name=package_name,
        name=wish.room_id,
        max_users=wish.max_users,
        is_private=wish.is_private,
        metadata=wish.metadata,
        created_at=now,
    )


def _change(room: AppRoom, run: AppRun, *, is_new: bool = True) -> RoomChange:
    facts = RoomFacts(
        room.name, members_of_room(room.pk), room.max_users, room.is_private, room.metadata.encode()
    )
    email = run.session.user.email
    who = Party(email, app_session_id(email, run.package_name))
    return RoomChange(str(run.session_id), run.package_name, who, facts, nodes_of_room(room.pk), is_new)
