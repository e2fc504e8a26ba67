"""Frames between two nodes travel together and keep their order."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sessions_app.outbound import node, node_wire, remote_link
from sessions_app.outbound.node import TOGETHER, Inbox
from sessions_app.outbound.node_wire import (
    MOST_TOGETHER_BYTES,
    MOST_WAITING,
    MOST_WAITING_SOUND,
    NodeWire,
)
from sessions_app.outbound.remote_link import RemoteLink

Message = dict[str, Any]
TYPE = "node.to_guest"


class SlowLayer:
    """A channel layer that carries a message only when the test lets it; it has room for one reader."""

    def __init__(self) -> None:
        self.begun: list[Message] = []
        self.failures: list[Exception] = []
        self._gates: asyncio.Queue[None] = asyncio.Queue()
        self._carried: asyncio.Queue[Message] = asyncio.Queue()

    async def group_send(self, group: str, message: Message) -> None:
        assert group == "node.other"
        self.begun.append(message)
        await self._gates.get()
        if self.failures:
            raise self.failures.pop()
        self._carried.put_nowait(message)

    def let_pass(self, messages: int = 1) -> None:
        for _ in range(messages):
            self._gates.put_nowait(None)

    async def new_channel(self) -> str:
        return "reader"

    async def receive(self, _channel: str) -> Message:
        return await self._carried.get()


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> SlowLayer:
    layer = SlowLayer()
    monkeypatch.setattr(node_wire, "get_channel_layer", lambda: layer)
    monkeypatch.setattr(node, "get_channel_layer", lambda: layer)
    return layer


async def until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_true():  # noqa: ASYNC110 - what is waited for is a plain list
            await asyncio.sleep(0.001)


def numbered(number: int) -> Message:
    return {"type": TYPE, "guest": 1, "text": str(number)}


async def test_a_frame_that_comes_alone_goes_alone(layer: SlowLayer) -> None:
    NodeWire("other").send(numbered(1))
    await until(lambda: layer.begun == [numbered(1)])
    layer.let_pass()


async def test_what_comes_while_one_is_on_its_way_travels_together(layer: SlowLayer) -> None:
    wire = NodeWire("other")
    wire.send(numbered(1))
    await until(lambda: len(layer.begun) == 1)
    for number in (2, 3, 4):
        wire.send(numbered(number))
    layer.let_pass(2)
    await until(lambda: len(layer.begun) == 2)
    assert layer.begun[1] == {"type": TOGETHER, "messages": [numbered(2), numbered(3), numbered(4)]}


async def test_a_message_of_several_frames_has_a_limit_and_each_frame_goes(layer: SlowLayer) -> None:
    wire = NodeWire("other")
    sizes = [10, MOST_TOGETHER_BYTES + 1, MOST_TOGETHER_BYTES // 2, MOST_TOGETHER_BYTES // 2, 1]
    for size in sizes:
        wire.send({"type": TYPE, "guest": 1, "bytes": b"\x00" * size})
    layer.let_pass(len(sizes))
    await until(lambda: len(layer.begun) == 4)
    sent = [message.get("messages", [message]) for message in layer.begun]
    assert [[len(each["bytes"]) for each in messages] for messages in sent] == [
        sizes[:1],
        sizes[1:2],
        sizes[2:4],
        sizes[4:],
    ]


async def test_a_message_that_is_lost_does_not_stop_the_next(layer: SlowLayer) -> None:
    wire = NodeWire("other")
    layer.failures = [ConnectionResetError("Redis is away")]
    wire.send(numbered(1))
    await until(lambda: len(layer.begun) == 1)
    wire.send(numbered(2))
    layer.let_pass(2)
    await until(lambda: layer.begun == [numbered(1), numbered(2)])


async def test_the_other_node_takes_the_frames_one_by_one_in_their_order(layer: SlowLayer) -> None:
    taken: list[str] = []

    def take(message: Message) -> None:
        if message["text"] == "2":
            raise ValueError("a frame nobody can take")
        taken.append(message["text"])

    inbox = Inbox(receivers={TYPE: take})
    await inbox.open()
    wire = NodeWire("other")
    for number in (1, 2, 3, 4):
        wire.send(numbered(number))
    layer.let_pass(4)
    await until(lambda: taken == ["1", "3", "4"])
    assert len(layer.begun) < 4
    await inbox.close()


async def test_text_finds_no_room_where_too_much_waits_but_what_nodes_say_does(layer: SlowLayer) -> None:
    wire = NodeWire("other")
    sound = {"type": TYPE, "guest": 1, "bytes": b"sound"}
    assert all(wire.send(sound) for _ in range(MOST_WAITING_SOUND))
    assert not wire.send(sound)
    assert all(wire.send(numbered(number)) for number in range(MOST_WAITING - MOST_WAITING_SOUND))
    assert not wire.send(numbered(0))
    assert wire.send({"type": TYPE, "guest": 1, "close": 1013, "reason": "too slow"})
    assert len(wire) == MOST_WAITING + 1


async def test_a_socket_that_loses_a_text_is_closed(
    layer: SlowLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = NodeWire("other")
    monkeypatch.setattr(remote_link, "wire_to", lambda node_id: wire)
    link = RemoteLink("other", 7)
    for number in range(MOST_WAITING):
        link.send_text(str(number))
    states = [link.is_open]
    link.send_text("one too many")
    assert [*states, link.is_open] == [True, False]
    assert link.leads_to("other", 7), "its end must still be heard of"
    link.send_text("into the void")
    layer.let_pass(MOST_WAITING)
    await until(lambda: len(wire) == 0)
    last = layer.begun[-1].get("messages", layer.begun)[-1]
    assert (last["guest"], last["close"]) == (7, 1013)
