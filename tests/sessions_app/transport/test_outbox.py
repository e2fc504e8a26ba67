"""The outbox sends at once while the peer reads, and keeps its bounds while it does not."""

import asyncio
from typing import Any

import pytest

from sessions_app.protocol.codes import CloseCode
from sessions_app.transport.backlog import MOST_AUDIO_BYTES, MOST_TEXT_FRAMES
from sessions_app.transport.outbox import Outbox

FRAME = b"\x01\x02" * 320


class Peer:
    """The send callable of a server: suspends while `reading` is not set."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.gone = False
        self.aborted = asyncio.Event()

    async def __call__(self, frame: dict[str, Any]) -> None:
        if self.gone:
            raise ConnectionError("the peer left")
        if frame.get("abort"):
            self.aborted.set()
        elif not self.reading.is_set():
            await self.reading.wait()
        self.frames.append(frame)

    @property
    def texts(self) -> list[str]:
        return [frame["text"] for frame in self.frames if "text" in frame]

    @property
    def audio_bytes(self) -> int:
        return sum(len(frame.get("bytes", b"")) for frame in self.frames)


async def _settled(outbox: Outbox) -> None:
    """Let the writer finish; it never waits for anything else than the peer."""
    for _ in range(2_000):
        await asyncio.sleep(0)
    assert not outbox.is_congested


async def test_a_frame_leaves_at_once_while_the_peer_reads() -> None:
    peer = Peer()
    outbox = Outbox(peer)
    outbox.send_text("a")
    outbox.send_bytes(b"bb")
    assert peer.frames == [
        {"type": "websocket.send", "text": "a"},
        {"type": "websocket.send", "bytes": b"bb"},
    ]


async def test_frames_of_a_peer_that_pauses_arrive_in_order() -> None:
    peer = Peer()
    outbox = Outbox(peer)
    peer.reading.clear()
    for text in "abc":
        outbox.send_text(text)
    assert peer.texts == []
    peer.reading.set()
    await _settled(outbox)
    assert peer.texts == ["a", "b", "c"]
    outbox.send_text("d")
    assert peer.texts == ["a", "b", "c", "d"]


async def test_the_oldest_sound_is_dropped_for_a_peer_that_does_not_read() -> None:
    peer = Peer()
    outbox = Outbox(peer)
    peer.reading.clear()
    outbox.send_text("first")
    for number in range(1_000):
        outbox.send_bytes(number.to_bytes(2, "little") * 320)
    outbox.send_text("last")
    peer.reading.set()
    await _settled(outbox)
    assert peer.texts == ["first", "last"]
    assert peer.audio_bytes <= MOST_AUDIO_BYTES
    assert peer.frames[-2]["bytes"][:2] == (999).to_bytes(2, "little")


async def test_a_peer_that_lets_messages_pile_up_is_closed() -> None:
    peer = Peer()
    outbox = Outbox(peer)
    peer.reading.clear()
    for _ in range(MOST_TEXT_FRAMES + 10):
        outbox.send_text("x")
    assert not outbox.is_open
    peer.reading.set()
    await _settled(outbox)
    assert peer.frames[-1]["type"] == "websocket.close"
    assert peer.frames[-1]["code"] == CloseCode.TRY_AGAIN_LATER


async def test_a_close_comes_after_what_is_queued_and_nothing_after_it() -> None:
    peer = Peer()
    outbox = Outbox(peer)
    peer.reading.clear()
    outbox.send_text("a")
    outbox.send_text("b")
    outbox.close(1000, "App stopped")
    outbox.send_text("never")
    peer.reading.set()
    await _settled(outbox)
    assert peer.texts == ["a", "b"]
    assert peer.frames[-1] == {"type": "websocket.close", "code": 1000, "reason": "App stopped"}


async def test_a_peer_that_left_does_not_disturb_the_sender() -> None:
    peer = Peer()
    peer.gone = True
    outbox = Outbox(peer)
    outbox.send_text("a")
    outbox.send_bytes(FRAME)
    assert not outbox.is_open


async def test_an_abandoned_outbox_keeps_nothing() -> None:
    peer = Peer()
    outbox = Outbox(peer)
    peer.reading.clear()
    outbox.send_text("a")
    outbox.send_bytes(FRAME)
    outbox.abandon()
    await _settled(outbox)
    peer.reading.set()
    await asyncio.sleep(0)
    assert peer.frames == []


async def test_only_the_newest_display_waits_for_a_peer_that_does_not_read() -> None:
    peer = Peer()
    outbox = Outbox(peer)
    peer.reading.clear()
    outbox.send_text("on its way", "display main")
    for number in range(MOST_TEXT_FRAMES * 2):
        outbox.send_text(f"display {number}", "display main")
    peer.reading.set()
    await _settled(outbox)
    assert peer.texts == ["on its way", f"display {MOST_TEXT_FRAMES * 2 - 1}"]


async def test_a_peer_that_does_not_even_read_its_close_loses_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sessions_app.transport.outbox.CLOSING_SECONDS", 0.01)
    peer = Peer()
    outbox = Outbox(peer)
    peer.reading.clear()
    outbox.send_text("a")
    outbox.close(1000, "App stopped")
    await peer.aborted.wait()
    await _settled(outbox)
    assert outbox.waiting_bytes == 0
    assert peer.frames == [{"type": "websocket.close", "code": 1000, "reason": "App stopped", "abort": True}]


async def test_a_peer_that_reads_its_close_in_time_keeps_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sessions_app.transport.outbox.CLOSING_SECONDS", 0.01)
    peer = Peer()
    outbox = Outbox(peer)
    peer.reading.clear()
    outbox.send_text("a")
    outbox.close(1000, "App stopped")
    peer.reading.set()
    await _settled(outbox)
    await asyncio.sleep(0.03)
    assert [frame.get("abort") for frame in peer.frames] == [None, None]
