"""One recogniser by an engine of this machine: keeps the sound of its utterances, has it read while it grows, and
tells what was read, in order.

Lives in the event loop; the reading runs in threads of the decoding desk. Must not know which model reads.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from sessions_app.speech.engine import EngineTrouble, Heard, Hearer
from sessions_app.speech.engines.decoding_desk import DecodingDesk, Work
from sessions_app.speech.engines.work_meter import WorkMeter
from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE, RecognizerWish

MOST_BYTES: Final = 30 * SAMPLE_RATE * SAMPLE_BYTES
_BYTES_A_SECOND: Final = SAMPLE_RATE * SAMPLE_BYTES
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read from sound: its words, or with `target` what they mean in that language."""

    heard: Heard
    target: str = ""


class Reader(Protocol):
    """Reads the utterances of one recogniser; called in threads, one call at a time."""

    def read(self, utterance: str, sound: bytes, wish: RecognizerWish, *, is_final: bool) -> Iterator[Found]:
        """Yield what is in the sound, as it is found; of a final reading the words in any case."""


@dataclass(slots=True)
class Workshop:
    """What all recognisers of an engine share, and how many there are: in all, and in the middle of an utterance."""

    name: str
    desk: DecodingDesk
    new_reader: Callable[[], Reader]
    interim_seconds: float = 1.0
    meter: WorkMeter = field(default_factory=WorkMeter)
    streams: int = 0
    speaking: int = 0

    def pause_after(self, work_seconds: float) -> float:
        """Return how long after an interim result that took `work_seconds` the next one is due."""
        return max(self.interim_seconds, self.desk.fair_pause(work_seconds, self.speaking))


@dataclass(slots=True)
class _Utterance:
    """An utterance under way: how much of it was read for the last interim result, and when the next one is due."""

    name: str
    interim_due: float
    sound: bytearray = field(default_factory=bytearray)
    fed_bytes: int = 0
    read_seconds: float = 0.0
    is_over: bool = False

    @property
    def seconds(self) -> float:
        """How long it is so far."""
        return self.fed_bytes / _BYTES_A_SECOND


class LocalRecognizer:
    """Asks the desk for an interim result now and then, and for a final one at the end of an utterance."""

    def __init__(self, workshop: Workshop, wish: RecognizerWish, hearer: Hearer) -> None:
        self._shop = workshop
        self._wish = wish
        self._hearer = hearer
        self._reader = workshop.new_reader()
        self._loop = asyncio.get_running_loop()
        self._utterance: _Utterance | None = None
        self._has_failed = False
        self._is_closed = False
        workshop.streams += 1

    def begin(self, utterance: str) -> None:
        """An utterance begins."""
        self.end()
        self._shop.speaking += 1
        self._utterance = _Utterance(utterance, self._shop.pause_after(0.0))

    def feed(self, samples: bytes) -> None:
        """Keep sound, the newest 30 s of it, and ask for an interim result when it is due."""
        utterance = self._utterance
        if utterance is None:
            return
        utterance.sound += samples
        utterance.fed_bytes += len(samples)
        if len(utterance.sound) > MOST_BYTES:
            del utterance.sound[: len(utterance.sound) - MOST_BYTES]
        self._ask_if_due(utterance)

    def end(self) -> None:
        """The utterance is over: ask for its final result."""
        utterance, self._utterance = self._utterance, None
        if utterance is None:
            return
        self._shop.speaking -= 1
        utterance.is_over = True
        sound, utterance.sound = bytes(utterance.sound), bytearray()
        self._shop.desk.ask_final(self, partial(self._work, utterance, sound, self._wish, is_final=True))

    def configure(self, wish: RecognizerWish) -> None:
        """Take other hints, words or targets from the next result on."""
        self._wish = wish

    async def close(self) -> None:
        """Let go of the sound and of what waits."""
        if self._is_closed:
            return
        self._is_closed = True
        self._shop.streams -= 1
        if self._utterance is not None:
            self._shop.speaking -= 1
        self._utterance = None
        self._shop.desk.forget(self)

    def _ask_if_due(self, utterance: _Utterance) -> None:
        if utterance.seconds >= utterance.interim_due:
            utterance.interim_due = math.inf
            self._shop.desk.ask_interim(self, partial(self._prepare_interim, utterance))

    def _prepare_interim(self, utterance: _Utterance) -> Work | None:
        """Return the work for the sound there is now, when its turn has come."""
        if utterance.is_over or self._is_closed:
            return None
        utterance.read_seconds = utterance.seconds
        return partial(self._work, utterance, bytes(utterance.sound), self._wish, is_final=False)

    def _work(self, utterance: _Utterance, sound: bytes, wish: RecognizerWish, *, is_final: bool) -> None:
        """Read, in a thread."""
        began = time.perf_counter()
        try:
            for found in self._reader.read(utterance.name, sound, wish, is_final=is_final):
                self._in_loop(partial(self._tell, utterance, found))
        except Exception as problem:  # noqa: BLE001  whatever it is, apps are told
            _LOG.exception("%s failed.", self._shop.name)
            self._in_loop(partial(self._fail, utterance, wish, is_final, problem))
        took = time.perf_counter() - began
        speech_seconds = len(sound) / _BYTES_A_SECOND if is_final else 0.0
        self._shop.meter.note(work_seconds=took, speech_seconds=speech_seconds)
        if not is_final:
            self._in_loop(partial(self._plan_interim, utterance, took))

    def _in_loop(self, call: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _tell(self, utterance: _Utterance, found: Found) -> None:
        heard = found.heard
        if self._is_closed or (utterance.is_over and not heard.is_final):
            return
        if self._has_failed:
            self._has_failed = False
            self._hearer.recovered()
        if found.target:
            self._hearer.translated(utterance.name, found.target, heard)
        elif heard.text or heard.is_final:
            self._hearer.heard(utterance.name, heard)

    def _fail(self, utterance: _Utterance, wish: RecognizerWish, is_final: bool, problem: Exception) -> None:
        if self._is_closed:
            return
        if not self._has_failed:
            self._has_failed = True
            message = f"{self._shop.name} failed: {type(problem).__name__}: {problem}"
            self._hearer.failed(EngineTrouble("SPEECH_ENGINE_FAILED", message))
        if is_final:
            self._hearer.heard(utterance.name, Heard("", True, wish.setting))

    def _plan_interim(self, utterance: _Utterance, took: float) -> None:
        utterance.interim_due = utterance.read_seconds + self._shop.pause_after(took)
        if utterance is self._utterance:
            self._ask_if_due(utterance)
