"""Keeping what passes, for the person it belongs to, without costing those who are not recorded anything.

A tap notes frames in memory and does nothing else with them; about once a second a task has them read and stored on a
database thread. What cannot be stored is lost: inspection never holds up or fails what it looks at.
"""

import asyncio
import json
import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

from sessions_app.database import DATABASE_AWAY, in_database
from sessions_app.inspection.entries import SOUND, CallEntry, Frame, Whose
from sessions_app.inspection.services import store
from sessions_app.models.inspection import INCOMING, NOTE, OUTGOING
from sessions_app.outbound import metrics

logger = logging.getLogger(__name__)

STORE_SECONDS: Final = 1.0
PAUSE_WHILE_AWAY_SECONDS: Final = 5.0
MOST_WAITING: Final = 500
MOST_WAITING_CHARACTERS: Final = 1024 * 1024
MOST_FRAME_CHARACTERS: Final = 64 * 1024
MOST_WAITING_CALLS: Final = 5_000


@dataclass(slots=True)
class _Sound:
    """Frames of sound in one direction since `since`."""

    since: float = 0.0
    frames: int = 0
    size: int = 0


class Tap:
    """Notes the frames of one app in one session. Its methods never wait and never raise."""

    __slots__ = ("_characters", "_dropped", "_frames", "_recorder", "_sounds", "whose")

    def __init__(self, whose: Whose, recorder: "Recorder") -> None:
        self.whose = whose
        self._recorder = recorder
        self._frames: deque[Frame] = deque()
        self._characters = 0
        self._dropped = 0
        self._sounds = {INCOMING: _Sound(), OUTGOING: _Sound()}

    def received(self, text: str) -> None:
        """Note a text frame of the app."""
        self._add(INCOMING, text)

    def sent(self, text: str) -> None:
        """Note a text frame for the app."""
        self._add(OUTGOING, text)

    def received_bytes(self, size: int) -> None:
        """Count a binary frame of the app."""
        self._count(INCOMING, size)

    def sent_bytes(self, size: int) -> None:
        """Count a binary frame for the app."""
        self._count(OUTGOING, size)

    def note(self, kind: str, **about: str) -> None:
        """Note what became of the socket."""
        self._add(NOTE, json.dumps({"type": kind, **about}))

    def take(self) -> list[Frame]:
        """Take out what was noted, oldest first; what had no room is counted in an entry of its own."""
        now = time.time()
        frames = list(self._frames)
        for direction, sound in self._sounds.items():
            if sound.frames:
                seconds = round(now - sound.since, 2)
                text = f'{{"frames":{sound.frames},"bytes":{sound.size},"seconds":{seconds}}}'
                frames.append(Frame(direction, sound.since, sound.size, text, SOUND))
        if self._dropped:
            text = f'{{"messages":{self._dropped}}}'
            frames.insert(0, Frame(NOTE, frames[0].at if frames else now, 0, text, "not_recorded"))
        self._frames.clear()
        self._characters = self._dropped = 0
        self._sounds = {INCOMING: _Sound(), OUTGOING: _Sound()}
        return frames

    def _add(self, direction: str, text: str) -> None:
        size = len(text)
        kept = text if size <= MOST_FRAME_CHARACTERS else text[:MOST_FRAME_CHARACTERS]
        self._frames.append(Frame(direction, time.time(), size, kept))
        self._characters += len(kept)
        while len(self._frames) > MOST_WAITING or self._characters > MOST_WAITING_CHARACTERS:
            self._characters -= len(self._frames.popleft().text)
            self._dropped += 1
            metrics.inspected["dropped"] += 1
        self._recorder.has_news(self)

    def _count(self, direction: str, size: int) -> None:
        sound = self._sounds[direction]
        if not sound.frames:
            sound.since = time.time()
            self._recorder.has_news(self)
        sound.frames += 1
        sound.size += size


class Recorder:
    """What this process noted and did not store yet."""

    def __init__(self) -> None:
        self._taps: dict[Tap, None] = {}
        self._calls: deque[CallEntry] = deque()
        self._writer: asyncio.Task[None] | None = None

    @property
    def waiting_count(self) -> int:
        """How many taps and calls have something to be stored."""
        return len(self._taps) + len(self._calls)

    def has_news(self, tap: Tap) -> None:
        """Have what a tap noted stored soon."""
        self._taps[tap] = None
        self._wake()

    def note_call(self, call: CallEntry) -> None:
        """Have a call of an app's server stored soon; beyond a bound the oldest are dropped."""
        if len(self._calls) >= MOST_WAITING_CALLS:
            self._calls.popleft()
            metrics.inspected["dropped"] += 1
        self._calls.append(call)
        self._wake()

    async def flush(self) -> None:
        """Store what was noted so far."""
        taps, self._taps = self._taps, {}
        calls, self._calls = list(self._calls), deque()
        frames = [(tap.whose, tap.take()) for tap in taps]
        metrics.inspected["stored"] += await in_database(store, frames, calls)

    def _wake(self) -> None:
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self.waiting_count:
            await asyncio.sleep(STORE_SECONDS)
            try:
                await self.flush()
            except DATABASE_AWAY:
                await asyncio.sleep(PAUSE_WHILE_AWAY_SECONDS)
            except Exception:
                logger.exception("What was noted for inspectors is lost")


recorder = Recorder()
metrics.watch("uninspected", lambda: recorder.waiting_count)
