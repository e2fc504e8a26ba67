"""Sound of an app keeps its place among the app's texts on the way to its session's owner."""

from typing import Any

import pytest

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import metrics
from sessions_app.outbound.remote_link import RemoteLink
from sessions_app.transport import seats
from sessions_app.transport.app_sockets import RECEIVERS
from sessions_app.transport.links import LocalLink
from sessions_app.transport.seats import FROM_GUEST, RemoteSeat, WaitingSeat, hand
from tests.sessions_app.transport.test_guests import ELSEWHERE, GUEST, PlayedNodes, hosted, nodes
from tests.support.runtime import PACKAGE

__all__ = ["hosted", "nodes"]
ID = b"8f14e45f-ceea-467f-9575-6a1c54a5f3b1"


class Wire:
    """The way to the owner's node, with room for so many frames."""

    def __init__(self, room: int = 100) -> None:
        self.room = room
        self.sent: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> bool:
        if len(self.sent) >= self.room:
            return False
        self.sent.append(message)
        return True


def remote_seat(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> RemoteSeat:
    async def send(frame: Any) -> None:
        """Nobody reads what the app is sent."""

    monkeypatch.setattr(seats, "wire_to", lambda node_id: wire)
    return RemoteSeat(ELSEWHERE, "session", PACKAGE, LocalLink(send))


def test_frames_of_both_kinds_travel_in_order_and_follow_to_the_next_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire = Wire()
    seat = remote_seat(monkeypatch, wire)
    frames: list[str | bytes] = ["start", b"one", b"two", "end"]
    for frame in frames:
        hand(seat, frame)
    assert [sent.get("text") or sent.get("bytes") for sent in wire.sent] == frames
    assert [sent["number"] for sent in wire.sent] == [1, 2, 3, 4]
    seat.confirm(2)
    waiting = WaitingSeat(seat.give_unheard())
    hand(waiting, b"three")
    assert waiting.give_unheard() == [b"two", "end", b"three"]


def test_sound_for_which_there_is_no_room_is_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    seat, before = remote_seat(monkeypatch, Wire(room=1)), metrics.relayed_frames["speaker dropped"]
    seat.take_bytes(b"one")
    seat.take_bytes(b"two")
    assert metrics.relayed_frames["speaker dropped"] == before + 1
    assert seat.link.is_open


async def test_the_owner_takes_sound_of_a_socket_elsewhere_and_confirms_it(
    hosted: tuple[SessionRuntime, RemoteLink], nodes: PlayedNodes
) -> None:
    runtime, link = hosted
    runtime.speaker.open(PACKAGE, ID.decode(), link.connection, "token")
    address = {"session": runtime.ref.session_id, "package": PACKAGE, "node": ELSEWHERE, "guest": GUEST}
    RECEIVERS[FROM_GUEST]({**address, "bytes": ID + b"sound", "number": 7})
    assert (await runtime.speaker.read("token", "reader", 0, 100)).data == b"sound"
