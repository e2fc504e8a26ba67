"""Having a text read aloud by a speech worker that can, the least busy first."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final, Protocol

from msgspec.structs import replace

from sessions_app.outbound import metrics
from sessions_app.speech.node.line import WorkerLine
from sessions_app.speech.rules import WorkerFacts
from sessions_app.speech.wire import Speak, SpeakingEnded, SpeakingRefused, Spoken, StopSpeaking

NO_WORKER: Final = "SPEECH_UNAVAILABLE"
FAILED: Final = "VOICE_FAILED"
# A worker that says nothing for so long about a text will not speak it any more.
SILENT_SECONDS: Final = 30.0


class CannotSpeak(Exception):
    """A text is not read aloud, or not to its end; `code` is SPEECH_UNAVAILABLE or one of `wire.SpeakingRefused`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _LineLost(Exception):
    """The connection to the worker is gone."""


class Speakers(Protocol):
    """Where voices are."""

    async def speakers(self) -> Sequence[WorkerFacts]:
        """Return the workers that have voices, the best first."""

    def line(self, facts: WorkerFacts) -> WorkerLine:
        """Return the connection to one."""


class _Reading:
    """What a worker sends of one text, on its way to who listens. A text has a bounded length, so this has too."""

    def __init__(self) -> None:
        self._frames: asyncio.Queue[Spoken | SpeakingEnded | SpeakingRefused | None] = asyncio.Queue()

    def take(self, frame: Spoken | SpeakingEnded | SpeakingRefused) -> None:
        self._frames.put_nowait(frame)

    def line_lost(self) -> None:
        self._frames.put_nowait(None)

    def sound_dropped(self, samples: int) -> None:
        """No sound goes to the worker for a text."""

    async def next(self) -> Spoken | SpeakingEnded | SpeakingRefused:
        """Return the next frame; raises _LineLost, CannotSpeak when the worker hangs."""
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                frame = await self._frames.get()
        except TimeoutError:
            raise CannotSpeak(FAILED, "The speech worker does not answer") from None
        if frame is None:
            raise _LineLost
        return frame


async def speak(workers: Speakers, wish: Speak) -> AsyncGenerator[bytes, None]:
    """Yield the MP3 of a text from the first worker that reads it; raises CannotSpeak."""
    problem = CannotSpeak(NO_WORKER, "No speech worker with a voice runs: start `manage.py speech_worker`")
    for facts in await workers.speakers():
        has_begun = False
        try:
            async with aclosing(_read_aloud(workers.line(facts), wish)) as pieces:
                async for piece in pieces:
                    has_begun = True
                    yield piece
        except _LineLost:
            # Before its first sound nothing is lost but time: whoever asks again finds another one.
            problem = CannotSpeak(FAILED if has_begun else NO_WORKER, "The speech worker was lost; try again")
        except CannotSpeak as refusal:
            problem = refusal
        else:
            metrics.speech_events["spoken"] += 1
            return
        if has_begun:
            break
    metrics.speech_events["not spoken"] += 1
    raise problem


async def _read_aloud(line: WorkerLine, wish: Speak) -> AsyncGenerator[bytes, None]:
    reading = _Reading()
    request = line.add_request(reading)
    is_over = False
    try:
        line.send(replace(wish, request=request))
        while True:
            frame = await reading.next()
            if isinstance(frame, Spoken):
                yield frame.sound
                continue
            is_over = True
            if isinstance(frame, SpeakingRefused):
                raise CannotSpeak(frame.code, frame.message)
            return
    except _LineLost:
        is_over = True
        raise
    finally:
        line.drop_request(request)
        if not is_over:
            line.send(StopSpeaking(request))
