"""A node as a speech worker sees it: speaks the private protocol over a real connection, and a worker in this process.

Waits for frames, never for time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self, TypeVar

from sessions_app.speech import wire
from sessions_app.speech.proof import proof_of
from sessions_app.speech.worker.process import Address, SpeechWorker
from tests.support.speech_sound import frames_of

F = TypeVar("F")
WAIT_SECONDS = 10.0
BEAT_SECONDS = 0.5
EN = wire.RecognizerWish("en-US")


class NodeEnd:
    """One connection to a worker; every frame that came is in `frames`, but beats."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.frames: list[wire.Frame] = []
        self.is_closed = False
        self.positions: dict[int, int] = {}
        self._reader, self._writer = reader, writer
        self._cutter = wire.FrameReader()
        self._arrived = asyncio.Condition()
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._beat())]

    @classmethod
    async def connect(cls, address: str) -> Self:
        """Connect without proving anything."""
        host, _, port = address.rpartition(":")
        return cls(*await asyncio.open_connection(host, int(port)))

    @classmethod
    async def welcomed(cls, address: str, node_id: str = "node-1") -> Self:
        """Connect and prove to be a node."""
        node = await cls.connect(address)
        challenge = await node.next(wire.Challenge)
        node.send(wire.Hello(node_id, proof_of(challenge.nonce)))
        await node.next(wire.Welcome)
        return node

    def send(self, *messages: wire.Control) -> None:
        for message in messages:
            self._writer.write(wire.pack(message))

    def send_bytes(self, data: bytes) -> None:
        self._writer.write(data)

    def send_sound(self, channel: int, sound: bytes, position: int | None = None) -> None:
        """Send sound in frames of 20 ms, after what was sent or from a position on; faster than real time."""
        at = self.positions.get(channel, 0) if position is None else position
        for frame in frames_of(sound):
            self._writer.write(wire.pack_sound(channel, at, frame))
            at += len(frame) // wire.SAMPLE_BYTES
        self.positions[channel] = at

    async def open(
        self,
        channel: int,
        session_id: str = "session",
        generation: int = 1,
        position: int = 0,
        recognizers: tuple[wire.RecognizerWish, ...] = (EN,),
        *,
        wants_voice: bool = False,
        utterance: str = "",
        heard: int = 0,
    ) -> wire.ChannelOpened:
        """Open a channel and return the worker's answer."""
        self.positions[channel] = position
        self.send(
            wire.OpenChannel(
                channel, session_id, generation, position, recognizers, wants_voice, utterance, heard
            )
        )
        return await self.next(wire.ChannelOpened, lambda opened: opened.channel == channel)

    async def next(self, kind: type[F], fits: Callable[[F], bool] = lambda _: True) -> F:
        """Take out the first frame of a kind that fits, when it is there; frames of other kinds stay."""

        def found() -> F | None:
            return next((each for each in self.frames if isinstance(each, kind) and fits(each)), None)

        async with asyncio.timeout(WAIT_SECONDS), self._arrived:
            while (frame := found()) is None:
                assert not self.is_closed, f"closed before {kind.__name__} came: {self.frames}"
                await self._arrived.wait()
        index = next(number for number, each in enumerate(self.frames) if each is frame)
        del self.frames[index]
        return frame

    async def final(self, setting: str = "en-US") -> wire.Words:
        """Return the next final words of a setting."""
        return await self.next(wire.Words, lambda words: words.is_final and words.setting == setting)

    def of(self, kind: type[F]) -> list[F]:
        """Return the frames of a kind that came and were not taken."""
        return [frame for frame in self.frames if isinstance(frame, kind)]

    async def wait_until_closed(self) -> None:
        async with asyncio.timeout(WAIT_SECONDS), self._arrived:
            while not self.is_closed:
                await self._arrived.wait()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.close()

    async def _read(self) -> None:
        try:
            while data := await self._reader.read(65536):
                await self._take(data)
        except ConnectionError:
            pass
        self.is_closed = True
        async with self._arrived:
            self._arrived.notify_all()

    async def _take(self, data: bytes) -> None:
        async with self._arrived:
            self.frames += [each for each in self._cutter.feed(data) if not isinstance(each, wire.Beat)]
            self._arrived.notify_all()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.send(wire.Beat())


async def becomes(condition: Callable[[], bool], seconds: float = WAIT_SECONDS) -> bool:
    """Look again and again; return whether it came true in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition() and loop.time() < deadline:  # noqa: ASYNC110 - what is asked has no event
        await asyncio.sleep(0.01)
    return condition()


@asynccontextmanager
async def running_worker(worker_id: str = "speech-test") -> AsyncIterator[SpeechWorker]:
    """A worker in this process on a free port, as the settings are now."""
    worker = SpeechWorker(worker_id)
    await worker.start(Address("127.0.0.1", 0))
    try:
        yield worker
    finally:
        await worker.stop()
