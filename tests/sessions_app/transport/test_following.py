"""An open socket of an app has its seat with the present owner, or it is led there, or it is closed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.conf import settings

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake
from sessions_app.errors import SessionAbsent
from sessions_app.lifecycle import fencing, leaving, residents
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import DONE, OVERTAKEN, SEATED, Reply
from sessions_app.protocol.families import Family
from sessions_app.selectors import find_whereabouts, list_ended
from sessions_app.states import RunState, SessionState
from sessions_app.transport import app_sockets, following
from sessions_app.transport.app_sockets import AppSocket
from sessions_app.transport.links import LocalLink
from sessions_app.transport.seats import LocalSeat, RemoteSeat, Seat, WaitingSeat
from tests.support.runtime import PACKAGE, RecordingLink, make_facts, make_runtime, seat_app

ELSEWHERE = "node-2"


class RecordingSocket:
    """The server's side of a socket: what was sent, and how it was closed."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    async def send(self, event: dict[str, Any]) -> None:
        if event["type"] == "websocket.close":
            self.closed.set_result((event["code"], event["reason"]))
        else:
            self.sent.append(json.loads(event["text"]))


class Scene:
    """A session that was here, the socket of its app, and what the rest of the cloud says."""

    def __init__(self, runtime: SessionRuntime) -> None:
        self.runtime = runtime
        self.peer = RecordingSocket()
        self.link = LocalLink(self.peer.send)
        hello = Hello(
            Handshake.INIT, make_facts(), key_id=1, family=Family.C, sdk_version="", introduced_at=5.0
        )
        seat, _ = seat_app(runtime, make_facts(), Family.C, "button_press")
        runtime.apps.attach(PACKAGE, self.link, hello)
        residents.admit(runtime)
        local = LocalSeat(runtime, PACKAGE, self.link)
        self.socket = AppSocket(self.link, runtime.ref.session_id, hello, local)
        self.seat = seat
        self.owner, self.state = ELSEWHERE, SessionState.ACTIVE
        self.reply = Reply(ok=False, code="NO_ACTIVE_SESSION")
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        self.taken: list[str] = []

    async def ask_for_seat(
        self, node_id: str, session_id: str, link: LocalLink, hello: Hello
    ) -> tuple[Reply, Seat]:
        assert hello.handshake is Handshake.TRANSFER
        self.asked.put_nowait(node_id)
        seat = RemoteSeat(node_id, session_id, PACKAGE, link)
        setattr(seat, "take_text", self.taken.append)  # noqa: B010 - a method is replaced
        return self.reply, seat

    async def in_database(self, question: Callable[..., Any], *about: Any) -> Any:
        if question is find_whereabouts:
            return {self.runtime.ref.session_id: (self.owner, self.state)}
        return [self.runtime.ref.session_id] if self.owner == ELSEWHERE else []

    async def find_node_of(self, session_id: str) -> str:
        return self.owner

    async def at_rest(self) -> None:
        """Wait until the socket is not being led any more."""
        way = following._ways.get(self.socket)
        if way is not None and way.task is not None:
            await asyncio.wait_for(way.task, 10)


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    runtime, _, _ = make_runtime(monkeypatch)
    made = Scene(runtime)
    monkeypatch.setattr(following, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(following, "PAUSES_SECONDS", (0.0,))
    monkeypatch.setattr(following, "find_node_of", made.find_node_of)
    monkeypatch.setattr(following, "in_database", made.in_database)
    monkeypatch.setattr(fencing, "in_database", made.in_database)
    monkeypatch.setattr(app_sockets, "ask_for_seat", made.ask_for_seat)
    monkeypatch.setattr(app_sockets, "tell_owners_of_guests", lambda: None)
    monkeypatch.setattr(app_sockets, "_sockets", {made.link.connection: made.socket})
    monkeypatch.setattr(leaving, "followers", [following.follow])
    yield made
    residents.release(runtime)
    await made.at_rest()


async def test_a_seated_socket_is_left_alone(scene: Scene) -> None:
    await following.check_seats()
    assert scene.socket not in following._ways
    assert isinstance(scene.socket.seat, LocalSeat)


async def test_the_heartbeat_leads_a_socket_whose_session_left_unheard(scene: Scene) -> None:
    residents.release(scene.runtime)
    scene.reply = DONE

    await following.check_seats()
    scene.socket.seat.take_text("one")
    scene.socket.seat.take_text("two")
    await scene.at_rest()
    scene.socket.seat.take_text("three")

    assert scene.asked.get_nowait() == ELSEWHERE
    assert scene.taken == ["one", "two", "three"]
    assert scene.link.is_open


async def test_what_an_app_subscribed_to_is_told_to_an_owner_that_took_the_session_by_force(
    scene: Scene,
) -> None:
    scene.runtime.apps.subscribe(scene.seat, ["head_position", "touch_event:double_tap"])
    scene.reply = DONE

    leaving.leave(scene.runtime)
    scene.socket.seat.take_text("next")
    await scene.at_rest()

    told = json.loads(scene.taken[0])
    assert (told["type"], scene.taken[1:]) == ("subscription_update", ["next"])
    assert told["subscriptions"] == ["head_position", "touch_event:double_tap"]


async def test_the_heartbeat_closes_a_socket_that_nobody_takes(scene: Scene) -> None:
    residents.release(scene.runtime)
    await following.check_seats()
    assert (await asyncio.wait_for(scene.peer.closed, 10))[0] == 1013


async def test_a_socket_whose_session_was_disposed_unheard_is_told_so(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(session_id: str) -> str:
        raise SessionAbsent(f"No node owns session {session_id}")

    async def ended(question: Callable[..., Any], *about: Any) -> Any:
        return list(about[0]) if question is list_ended else {}

    monkeypatch.setattr(following, "find_node_of", nobody)
    monkeypatch.setattr(following, "in_database", ended)
    leaving.leave(scene.runtime)
    following.lead(scene.socket)
    assert await asyncio.wait_for(scene.peer.closed, 5) == (1000, "User session ended")


async def test_a_socket_that_closes_while_the_owner_is_asked_gives_its_new_seat_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.reply, left = DONE, []

    async def closes_meanwhile(node_id: str, *about: Any) -> tuple[Reply, Seat]:
        reply, seat = await scene.ask_for_seat(node_id, *about)
        scene.link.abandon()

        async def leave(cause: str) -> None:
            left.append((node_id, cause))

        setattr(seat, "leave", leave)  # noqa: B010 - a method is replaced
        return reply, seat

    monkeypatch.setattr(app_sockets, "ask_for_seat", closes_meanwhile)
    residents.release(scene.runtime)
    await following.check_seats()
    await scene.at_rest()

    assert left == [(ELSEWHERE, "closed while its session moved")]


async def test_a_socket_that_closes_while_its_owner_is_looked_for_takes_no_seat(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def closes_meanwhile(session_id: str) -> str:
        scene.link.abandon()
        return str(settings.NODE_ID)

    monkeypatch.setattr(following, "find_node_of", closes_meanwhile)
    scene.runtime.apps.detach(PACKAGE, scene.link.connection, "test")
    scene.socket.seat = WaitingSeat()
    following.follow(scene.socket.session_id)
    await scene.at_rest()

    assert scene.seat.state is RunState.GRACE_PERIOD
    assert isinstance(scene.socket.seat, WaitingSeat)


async def test_a_socket_waits_while_the_phone_of_its_session_is_away(scene: Scene) -> None:
    residents.release(scene.runtime)
    scene.state = SessionState.DISCONNECTED
    await following.check_seats()
    await scene.at_rest()
    assert isinstance(scene.socket.seat, WaitingSeat)
    assert scene.link.is_open


async def test_a_socket_whose_app_has_a_newer_one_is_closed_as_replaced(scene: Scene) -> None:
    residents.release(scene.runtime)
    scene.reply = OVERTAKEN
    await following.check_seats()
    assert await asyncio.wait_for(scene.peer.closed, 10) == (1000, "Replaced by new connection")


async def test_a_guest_of_the_wrong_owner_is_led_on(scene: Scene) -> None:
    scene.socket.seat = RemoteSeat("node-9", scene.socket.session_id, PACKAGE, scene.link)
    scene.reply = DONE
    await following.check_seats()
    await scene.at_rest()
    assert isinstance(scene.socket.seat, RemoteSeat)
    assert scene.socket.seat.node_id == ELSEWHERE


async def test_a_guest_tells_its_next_owner_the_subscription_that_the_last_one_confirmed(
    scene: Scene,
) -> None:
    told = [
        '{"type":"subscription_update","subscriptions":["head_position"]}',
        '{"type":"subscription_update","subscriptions":["button_press"]}',
        '{"type":"display_event","layout":{"text":"\\"subscription_update\\""}}',
        '{"type":"ping"}',
    ]
    seat = scene.socket.seat = RemoteSeat("node-9", scene.socket.session_id, PACKAGE, scene.link)
    for text in told:
        seat.take_text(text)
    seat.confirm(3)
    scene.reply = DONE

    await following.check_seats()
    await scene.at_rest()

    assert scene.taken == [told[1], told[3]]


async def test_a_subscription_that_no_owner_confirmed_is_told_once_and_in_its_place(scene: Scene) -> None:
    told = ['{"type":"ping"}', '{"type":"subscription_update","subscriptions":["head_position"]}']
    seat = scene.socket.seat = RemoteSeat("node-9", scene.socket.session_id, PACKAGE, scene.link)
    for text in told:
        seat.take_text(text)
    scene.reply = DONE

    await following.check_seats()
    await scene.at_rest()

    assert scene.taken == told


async def test_a_subscription_that_got_lost_on_its_way_is_sent_again_until_it_is_confirmed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    seat = scene.socket.seat = RemoteSeat(ELSEWHERE, scene.socket.session_id, PACKAGE, scene.link)

    def take(message: dict[str, Any]) -> bool:
        sent.append(message)
        return True

    monkeypatch.setattr(seat, "_send", take)
    subscription = '{"type":"subscription_update","subscriptions":["head_position"]}'
    seat.take_text('{"type":"ping"}')
    seat.take_text(subscription)

    await following.check_seats()
    assert len(sent) == 2
    await following.check_seats()
    assert [(message["text"], message["number"]) for message in sent[2:]] == [(subscription, 2)]

    seat.confirm(2)
    await following.check_seats()
    await following.check_seats()
    assert len(sent) == 3


async def test_a_guest_that_has_its_seat_keeps_its_frames(scene: Scene) -> None:
    held = scene.socket.seat = RemoteSeat(ELSEWHERE, scene.socket.session_id, PACKAGE, scene.link)
    scene.reply = SEATED
    following.follow(scene.socket.session_id)
    await scene.at_rest()
    assert scene.socket.seat is held
    assert scene.taken == []


async def test_a_socket_comes_back_to_the_seat_on_its_own_node(scene: Scene) -> None:
    scene.socket.seat = WaitingSeat()
    scene.runtime.apps.detach(PACKAGE, scene.link.connection, "test")
    following.follow(scene.socket.session_id, settings.NODE_ID)
    await scene.at_rest()
    assert isinstance(scene.socket.seat, LocalSeat)
    assert scene.seat.state is RunState.RUNNING
    assert scene.seat.link is scene.link


async def test_an_older_socket_does_not_displace_a_newer_one(scene: Scene) -> None:
    newer = RecordingLink()
    hello = Hello(Handshake.RECONNECT, make_facts(), 1, Family.C, "", introduced_at=6.0)
    scene.runtime.apps.attach(PACKAGE, newer, hello)
    late = RecordingSocket()
    link = LocalLink(late.send)
    socket = AppSocket(link, scene.socket.session_id, scene.socket.hello, WaitingSeat())

    following.lead(socket, settings.NODE_ID)

    assert await asyncio.wait_for(late.closed, 10) == (1000, "Replaced by new connection")
    assert scene.seat.link is newer


async def test_the_heartbeat_lets_go_of_sessions_of_another_node(scene: Scene) -> None:
    await fencing.leave_lost_sessions()
    assert residents.find(scene.runtime.ref.session_id) is None
    assert isinstance(scene.socket.seat, WaitingSeat)


async def test_a_node_that_stood_still_asks_before_it_goes_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = scene.runtime.phone.link
    monkeypatch.setattr(fencing, "at_once", lambda *_, timeout_seconds: [scene.runtime.ref.session_id])
    fencing.SleepWatch().woke_up(3.0)
    assert residents.find(scene.runtime.ref.session_id) is None
    assert isinstance(phone, RecordingLink)
    assert phone.closed == (1000, "Replaced by new connection")


async def test_a_node_that_cannot_ask_keeps_its_sessions(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, timeout_seconds: float) -> list[str]:
        raise TimeoutError

    monkeypatch.setattr(fencing, "at_once", away)
    fencing.SleepWatch().woke_up(3.0)
    assert residents.find(scene.runtime.ref.session_id) is scene.runtime
