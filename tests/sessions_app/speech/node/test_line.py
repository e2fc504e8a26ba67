"""One connection to a worker: proof, order, signs of life, and what is dropped when it does not keep up."""

import asyncio
from typing import Any

import pytest

from sessions_app.speech.node import line as lines
from sessions_app.speech.node.line import WorkerLine
from sessions_app.speech.wire import CloseChannel, GotWords, Hello, PhoneVoice, Settled, Sound
from tests.sessions_app.speech.node.conftest import Scene
from tests.support.speech import FakeSpeechWorker


class Channel:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.frames: list[Any] = []
        self.dropped = 0
        self.lost = asyncio.Event()
        self.came = asyncio.Event()

    def take(self, frame: Any) -> None:
        self.frames.append(frame)
        self.came.set()

    def line_lost(self) -> None:
        self.lost.set()

    def sound_dropped(self, samples: int) -> None:
        self.dropped += samples


async def connected(scene: Scene) -> tuple[FakeSpeechWorker, WorkerLine, Channel, int]:
    worker = await scene.worker()
    line = scene.workers.line(worker.facts)
    channel = Channel()
    number = line.add_channel(channel)
    line.send(PhoneVoice(number, True))
    await worker.take(PhoneVoice)
    return worker, line, channel, number


async def test_the_node_proves_that_it_belongs_here_before_anything_else(scene: Scene) -> None:
    worker, line, _, number = await connected(scene)
    line.send_sound(number, 7, b"\1\2")
    assert (await worker.hear(1)) == [Sound(number, 7, b"\1\2")]
    assert [type(frame) for frame in worker.frames] == [Hello, PhoneVoice, Sound]


async def test_sessions_share_the_connection(scene: Scene) -> None:
    worker, line, _, _ = await connected(scene)
    assert scene.workers.line(worker.facts) is line


async def test_each_channel_gets_its_own_messages(scene: Scene) -> None:
    worker, line, channel, number = await connected(scene)
    other = Channel()
    worker.send(Settled(line.add_channel(other), 5), Settled(number, 9), Settled(99, 1))
    await asyncio.wait_for(channel.came.wait(), 5)
    assert (channel.frames, other.frames) == ([Settled(number, 9)], [Settled(number + 1, 5)])


async def test_a_broken_connection_is_told_at_once(scene: Scene) -> None:
    worker, line, channel, _ = await connected(scene)
    worker.hang_up()
    await asyncio.wait_for(channel.lost.wait(), 5)
    assert line.is_over
    assert scene.workers.line(worker.facts) is not line


async def test_a_silent_worker_is_dead_after_a_second_and_a_half(scene: Scene) -> None:
    worker, _, channel, _ = await connected(scene)
    worker.is_silent = True
    await scene.clock.pass_time(1.0)
    assert not channel.lost.is_set()
    await scene.clock.pass_time(1.0)
    assert channel.lost.is_set()


async def test_a_node_that_stood_still_itself_waits_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _, line, channel, _ = await connected(scene)
    scene.clock._elapsed += 5.0
    scene.clock.advance(0.6)
    assert not channel.lost.is_set()
    assert not line.is_over


async def test_bytes_that_are_no_frame_end_the_line(scene: Scene) -> None:
    worker, _, channel, _ = await connected(scene)
    worker.send_raw(b"GET / HTTP/1.1\r\n\r\n")
    await asyncio.wait_for(channel.lost.wait(), 5)


async def test_another_worker_at_the_address_is_not_trusted(scene: Scene) -> None:
    worker = await scene.worker()
    facts = worker.facts
    worker.worker_id = "someone-else"
    channel = Channel()
    scene.workers.line(facts).add_channel(channel)
    await asyncio.wait_for(channel.lost.wait(), 5)
    assert not worker.got(Hello)


async def test_nobody_at_the_address_is_a_lost_line(scene: Scene) -> None:
    worker = await scene.worker()
    facts = worker.facts
    await worker.stop()
    channel = Channel()
    scene.workers.line(facts).add_channel(channel)
    await asyncio.wait_for(channel.lost.wait(), 5)


async def test_sound_that_the_worker_does_not_take_gives_way_and_control_does_not(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MOST_WAITING_SOUND_BYTES", 4_000)
    worker, line, channel, number = await connected(scene)
    line.pause_writing()
    for each in range(5):
        line.send_sound(number, each * 640, bytes(1_280))
        line.send(GotWords(number, each))
    assert channel.dropped == 2 * 640
    line.resume_writing()
    line.send(CloseChannel(number))
    await worker.take(CloseChannel)
    assert [each.position for each in worker.got(Sound)] == [1_280, 1_920, 2_560]
    assert [each.number for each in worker.got(GotWords)] == [0, 1, 2, 3, 4]


async def test_a_user_that_fails_harms_nobody_else(scene: Scene) -> None:
    worker, line, channel, number = await connected(scene)

    class Broken(Channel):
        def take(self, frame: Any) -> None:
            raise RuntimeError("broken")

    worker.send(Settled(line.add_channel(Broken()), 1), Settled(number, 2))
    await asyncio.wait_for(channel.came.wait(), 5)
    assert not line.is_over
