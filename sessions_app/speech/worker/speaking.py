"""Reads texts aloud for nodes: a bounded number at once, each as fast as its node takes the sound."""

import asyncio
import logging
from contextlib import aclosing
from typing import Protocol

from sessions_app.speech import wire
from sessions_app.speech.engine import EngineTrouble, Utterance
from sessions_app.speech.voices.reading import Voices

logger = logging.getLogger(__name__)


class Listener(Protocol):
    """The connection to a node."""

    def send(self, message: wire.Control) -> None: ...

    async def send_spoken(self, request: int, sound: bytes) -> None: ...


class Speaking:
    """Holds one task for each text that is being read."""

    def __init__(self, voices: Voices, most: int) -> None:
        self._voices = voices
        self._most = most
        self._tasks: dict[tuple[Listener, int], asyncio.Task[None]] = {}

    @property
    def count(self) -> int:
        return len(self._tasks)

    def start(self, listener: Listener, wanted: wire.Speak) -> None:
        """Begin to read a text, or refuse it."""
        if self.count >= self._most:
            message = f"This speech worker reads {self._most} texts already."
            listener.send(wire.SpeakingRefused(wanted.request, "SPEECH_FULL", message))
            return
        key = (listener, wanted.request)
        task = asyncio.create_task(self._speak(listener, wanted), name="speak")
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    def stop(self, listener: Listener, request: int) -> None:
        """Nobody listens to this text any more."""
        task = self._tasks.get((listener, request))
        if task is not None:
            task.cancel()

    def stop_all(self, listener: Listener) -> None:
        """The listener is gone."""
        for (other, request), _ in list(self._tasks.items()):
            if other is listener:
                self.stop(listener, request)

    async def drain(self, seconds: float) -> None:
        """Let texts be read to their end, that long."""
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=seconds)

    async def _speak(self, listener: Listener, wanted: wire.Speak) -> None:
        utterance = Utterance(
            wanted.text,
            wanted.language,
            wanted.voice,
            wanted.model,
            wanted.stability,
            wanted.similarity_boost,
            wanted.style,
            wanted.speed,
        )
        try:
            async with aclosing(self._voices.speak(utterance)) as pieces:
                async for piece in pieces:
                    await listener.send_spoken(wanted.request, piece)
        except EngineTrouble as trouble:
            listener.send(wire.SpeakingRefused(wanted.request, trouble.code, str(trouble)))
        except Exception as error:
            logger.exception("A text could not be read aloud.")
            problem = f"{type(error).__name__}: {error}"
            listener.send(wire.SpeakingRefused(wanted.request, "VOICE_FAILED", problem))
        else:
            listener.send(wire.SpeakingEnded(wanted.request))
