"""A speech worker for tests of nodes: it speaks the private protocol over a real socket and does what a test says."""

import asyncio
import contextlib
from typing import Any, TypeVar

from sessions_app.clock import Clock
from sessions_app.speech.node.workers import SpeechWorkers
from sessions_app.speech.proof import is_proof, new_nonce
from sessions_app.speech.rules import WorkerFacts
from sessions_app.speech.wire import (
    Beat,
    Challenge,
    ChannelOpened,
    ChannelRefused,
    Control,
    Frame,
    FrameReader,
    Hello,
    OpenChannel,
    Sound,
    Welcome,
    pack,
    pack_spoken,
)
from tests.support.inbox import PATIENCE_SECONDS

T = TypeVar("T")
BEAT_SECONDS = 0.2


class FakeSpeechWorker:
    """Listens on a free port, welcomes who proves to know the secret, and opens every channel unless told otherwise.

    `refuses` is the code of its refusals; `has_until` the position up to which it holds the sound of sessions; one that
    is `is_mute` answers nobody, one that `is_silent` sends no sign of life.
    """

    def __init__(self, worker_id: str = "w1", **abilities: Any) -> None:
        self.worker_id = worker_id
        self.refuses = ""
        self.has_until: int | None = None
        self.is_silent = False
        self.is_mute = False
        self.frames: list[Frame] = []
        self._abilities = {"languages": ("*",), **abilities}
        self._arrival = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._looks = 0

    @property
    def facts(self) -> WorkerFacts:
        """Its entry in the register, renewed each time it is looked at."""
        self._looks += 1
        return WorkerFacts(self.worker_id, self.address, at=float(self._looks), **self._abilities)

    @property
    def address(self) -> str:
        assert self._server is not None
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> "FakeSpeechWorker":
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def stop(self) -> None:
        """Die: every connection breaks, and nobody listens any more."""
        if self._server is not None:
            self._server.close()
        if self._writer is not None:
            self._writer.transport.abort()
        for task in self._serving:
            task.cancel()
        if self._serving:
            await asyncio.wait(self._serving)

    def send(self, *messages: Control) -> None:
        """Send control messages to the node that connected last."""
        assert self._writer is not None
        for message in messages:
            self._writer.write(pack(message))

    def send_spoken(self, request: int, sound: bytes) -> None:
        """Send a piece of MP3."""
        assert self._writer is not None
        self._writer.write(pack_spoken(request, sound))

    def send_raw(self, data: bytes) -> None:
        """Send whatever bytes."""
        assert self._writer is not None
        self._writer.write(data)

    def hang_up(self) -> None:
        """Break the connection, and listen on."""
        assert self._writer is not None
        self._writer.transport.abort()

    def got(self, kind: type[T]) -> list[T]:
        """Return what came of one kind, oldest first."""
        return [frame for frame in self.frames if isinstance(frame, kind)]

    async def take(self, kind: type[T], number: int = 1, seconds: float = PATIENCE_SECONDS) -> T:
        """Return the so many-th frame of a kind, once it came."""
        async with asyncio.timeout(seconds):
            while len(self.got(kind)) < number:
                self._arrival.clear()
                await self._arrival.wait()
        return self.got(kind)[number - 1]

    async def hear(self, samples: int, seconds: float = PATIENCE_SECONDS) -> list[Sound]:
        """Return all sound that came, once it is at least so many samples."""
        async with asyncio.timeout(seconds):
            while sum(len(each.samples) // 2 for each in self.got(Sound)) < samples:
                self._arrival.clear()
                await self._arrival.wait()
        return self.got(Sound)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self._writer = writer
        beating = asyncio.create_task(self._beat(writer))
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            beating.cancel()
            writer.close()
            self._serving.discard(task)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonce, frames = new_nonce(), FrameReader()
        writer.write(pack(Challenge(self.worker_id, nonce)))
        while data := await reader.read(64 * 1024):
            for frame in frames.feed(data):
                if isinstance(frame, Hello):
                    assert is_proof(nonce, frame.proof)
                    writer.write(pack(Welcome()))
                elif isinstance(frame, OpenChannel):
                    self._answer(frame)
                if not isinstance(frame, Beat):
                    self.frames.append(frame)
                    self._arrival.set()

    def _answer(self, wish: OpenChannel) -> None:
        if self.is_mute:
            return
        if self.refuses:
            self.send(ChannelRefused(wish.channel, self.refuses, "as the test wants it"))
        else:
            position = wish.position if self.has_until is None else self.has_until
            self.send(ChannelOpened(wish.channel, position))

    async def _beat(self, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                if not self.is_silent:
                    writer.write(pack(Beat()))
                await asyncio.sleep(BEAT_SECONDS)


class UnseenWorkers(SpeechWorkers):
    """A view of workers that looks when a test says so, at what the test has put into `shown`."""

    def __init__(self, clock: Clock) -> None:
        self.shown: dict[str, WorkerFacts] = {}
        super().__init__(clock, self._look_at_shown)

    async def _look_at_shown(self) -> dict[str, WorkerFacts]:
        return dict(self.shown)

    async def _keep_looking(self) -> None:
        """Wait for the test."""


def entries(*workers: FakeSpeechWorker) -> dict[str, WorkerFacts]:
    """Return the register with these workers."""
    return {worker.worker_id: worker.facts for worker in workers}
