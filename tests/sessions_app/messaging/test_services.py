"""Rooms are bounded, and membership lives exactly as long as the app's session."""

import pytest

from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle.condemning import condemn
from sessions_app.messaging import services
from sessions_app.messaging.selectors import count_peers, find_peer, list_peers, runs_for
from sessions_app.messaging.services import (
    RoomChange,
    RoomRefused,
    RoomWish,
    end_memberships,
    join_room,
    leave_rooms,
)
from sessions_app.models import AppRoom
from sessions_app.protocol.codes import ErrorCode
from sessions_app.states import SessionRef
from tests.support.fake_clock import START
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db
CLEO = "cleo@example.com"


def run(email: str, *, node: str = "node-1", package: str = CAPTIONS) -> SessionRef:
    """Let somebody run an app at a node."""
    ref = connect_phone(make_user(email), node_id=node).ref
    play(ref, RunEvent.START, RunEvent.ATTACHED, package_name=package, started_at=START)
    return ref


def join(ref: SessionRef, room: str = "lab", *, most: int = 10, package: str = CAPTIONS) -> RoomChange:
    """Let somebody join a room."""
    return join_room(
        session_id=ref.session_id, package_name=package, wish=RoomWish(room, most, True, '{"a":1}'), now=START
    )


def refusal_of(ref: SessionRef, room: str = "lab", *, package: str = CAPTIONS) -> ErrorCode:
    """Return why somebody cannot join."""
    with pytest.raises(RoomRefused) as caught:
        join(ref, room, package=package)
    return caught.value.refusal.code


def test_who_comes_is_told_of_to_the_nodes_of_all_in_the_room() -> None:
    make_app(CAPTIONS)
    ada, bob = run(ADA), run(BOB, node="node-2")
    alone = join(ada, most=4)
    assert (alone.room.users, alone.room.max_users, alone.room.metadata) == (1, 4, b'{"a":1}')
    both = join(bob, most=99)
    assert (both.room.users, both.room.max_users) == (2, 4)
    assert both.nodes == {"node-1": [ada.session_id], "node-2": [bob.session_id]}
    assert (both.who.user_id, both.who.app_session_id) == (BOB, f"{BOB}-{CAPTIONS}")
    assert both.is_new
    again = join(bob)
    assert (again.room.users, again.is_new) == (2, False)


def test_a_room_takes_as_many_as_it_was_opened_for() -> None:
    make_app(CAPTIONS)
    join(run(ADA), most=1)
    assert refusal_of(run(BOB)) is ErrorCode.ROOM_FULL


def test_rooms_of_different_apps_are_different_rooms() -> None:
    make_app(CAPTIONS)
    make_app(NOTES)
    join(run(ADA), most=1)
    other = join(run(BOB, package=NOTES), package=NOTES)
    assert other.room.users == 1


def test_rooms_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    make_app(CAPTIONS)
    ada, bob = run(ADA), run(BOB)
    monkeypatch.setattr(services, "MOST_ROOMS_OF_SESSION", 2)
    join(ada, "1")
    join(ada, "2")
    assert refusal_of(ada, "3") is ErrorCode.ROOM_LIMIT
    assert not join(ada, "2").is_new
    monkeypatch.setattr(services, "MOST_ROOMS_OF_APP", 2)
    assert refusal_of(bob, "3") is ErrorCode.ROOM_LIMIT
    join(bob, "2")


def test_who_leaves_is_told_of_and_an_empty_room_closes() -> None:
    make_app(CAPTIONS)
    ada, bob = run(ADA), run(BOB)
    join(ada)
    join(bob)
    (change,) = leave_rooms(session_id=ada.session_id, package_name=CAPTIONS, room_id="lab")
    assert (change.room.users, change.nodes) == (1, {"node-1": [bob.session_id]})
    assert leave_rooms(session_id=ada.session_id, package_name=CAPTIONS, room_id="lab") == []
    assert leave_rooms(session_id=bob.session_id, package_name=CAPTIONS)[0].room.users == 0
    assert not AppRoom.objects.exists()


def test_a_blip_and_another_owner_change_nothing_but_where_messages_go() -> None:
    make_app(CAPTIONS)
    ada, bob = run(ADA), run(BOB)
    join(ada)
    play(ada, RunEvent.SOCKET_LOST)
    connect_phone(make_user(ADA), node_id="node-3")
    assert end_memberships() == []
    assert join(bob).nodes == {"node-3": [ada.session_id], "node-1": [bob.session_id]}


def test_a_sleeping_app_stays_in_its_room_and_gets_nothing() -> None:
    make_app(CAPTIONS)
    ada, bob = run(ADA), run(BOB)
    join(ada)
    play(ada, RunEvent.SOCKET_LOST, RunEvent.GRACE_ENDED_AWAY)
    change = join(bob)
    assert change.room.users == 2
    assert change.nodes == {"node-1": [bob.session_id]}


def test_membership_ends_with_the_run_and_with_the_session() -> None:
    make_app(CAPTIONS)
    ada, bob, cleo = run(ADA), run(BOB), run(CLEO)
    for ref in (ada, bob, cleo):
        join(ref)
    play(ada, RunEvent.STOP, RunEvent.STOPPED)
    condemn(session_id=bob.session_id, reason="manual", now=START)
    assert refusal_of(ada) is ErrorCode.USER_NOT_ACTIVE
    gone = end_memberships()
    assert {change.who.user_id for change in gone} == {ADA, BOB}
    assert gone[-1].room.users == 1
    assert end_memberships() == []


def test_only_those_are_found_who_run_the_same_app() -> None:
    make_app(CAPTIONS)
    ada, bob = run(ADA), run(BOB, node="node-2")
    run(CLEO, package=NOTES)
    assert count_peers(CAPTIONS, besides=ada.user_pk) == {"node-2": 1}
    found = find_peer(CAPTIONS, BOB.upper())
    assert found is not None
    assert (found.session_id, found.node_id) == (bob.session_id, "node-2")
    assert find_peer(CAPTIONS, CLEO) is None
    assert find_peer(CAPTIONS, "nobody@example.com") is None
    play(bob, RunEvent.STOP, RunEvent.STOPPED)
    assert find_peer(CAPTIONS, BOB) is None
    assert not runs_for(CAPTIONS, bob.user_pk)


def test_a_profile_is_listed_only_if_asked_for_and_permitted() -> None:
    make_app(CAPTIONS)
    ada = run(ADA)
    run(BOB)
    run(CLEO)
    for email, settings in ((BOB, {"share_profile_with_app_users": True}), (CLEO, {})):
        user = make_user(email, settings=settings)
        user.name = email.partition("@")[0].title()
        user.save()
    peers, total = list_peers(CAPTIONS, besides=ada.user_pk, with_profiles=True)
    assert total == 2
    assert {peer.user_id: peer.described().get("userProfile") for peer in peers} == {
        BOB: {"name": "Bob"},
        CLEO: None,
    }
    peers, _ = list_peers(CAPTIONS, besides=ada.user_pk, with_profiles=False)
    assert [peer.name for peer in peers] == [None, None]
