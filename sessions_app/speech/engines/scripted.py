"""An engine that understands tones instead of speech: deterministic, without a model, for tests and trials.

Faults can be ordered by settings, so that tests see what the worker makes of an engine that hangs or fails.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

from django.conf import settings

from sessions_app.speech.engine import (
    ANY_LANGUAGE,
    Engine,
    EngineReport,
    EngineState,
    EngineTrouble,
    Heard,
    Hearer,
)
from sessions_app.speech.engines.tones import TonesReader
from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE, RecognizerWish

NAME = "scripted"
INTERIM_BYTES = int(0.4 * SAMPLE_RATE) * SAMPLE_BYTES
OWN_TARGET = "en"


def make_engine() -> Engine:
    """Return the engine with the faults that settings order."""
    return ScriptedEngine(str(settings.SPEECH_SCRIPT_FAULT))


class ScriptedEngine:
    """Hears every language; its English is what was heard in capital letters."""

    name = NAME
    translates_to = frozenset({OWN_TARGET})

    def __init__(self, fault: str = "") -> None:
        self._fault, _, number = fault.partition(":")
        self._faulty_utterance = int(number or 0)
        self._utterances = 0
        self._state = EngineState.LOADING
        self.streams = 0

    async def load(self) -> None:
        self._state = EngineState.READY

    def speaks(self, setting: str) -> bool:
        return True

    def open(self, wish: RecognizerWish, hearer: Hearer) -> "ScriptedRecognizer":
        return ScriptedRecognizer(self, wish, hearer)

    def report(self) -> EngineReport:
        return EngineReport(self.name, self._state, "", (ANY_LANGUAGE,), 0.0, self.streams)

    async def close(self) -> None:
        return None

    def next_fault(self) -> str:
        """Count an utterance; return what is to go wrong with it."""
        self._utterances += 1
        return self._fault if self._utterances == self._faulty_utterance else ""


class ScriptedRecognizer:
    """Answers in the next round of the event loop."""

    def __init__(self, engine: ScriptedEngine, wish: RecognizerWish, hearer: Hearer) -> None:
        self._engine = engine
        self._wish = wish
        self._hearer = hearer
        self._utterance = ""
        self._reader = TonesReader()
        self._fed_bytes = 0
        self._told = ""
        self._fault = ""
        self._has_failed = False
        self._answers: deque[Callable[[], None]] = deque()
        self._is_closed = False
        engine.streams += 1

    def begin(self, utterance: str) -> None:
        self._utterance, self._reader, self._fed_bytes, self._told = utterance, TonesReader(), 0, ""
        self._fault = self._engine.next_fault()
        if self._fault == "fail":
            self._has_failed = True
            trouble = EngineTrouble("SPEECH_ENGINE_FAILED", "The script says so.")
            self._answer(partial(self._hearer.failed, trouble))
        elif self._has_failed:
            self._has_failed = False
            self._answer(self._hearer.recovered)

    def feed(self, samples: bytes) -> None:
        before, self._fed_bytes = self._fed_bytes, self._fed_bytes + len(samples)
        self._reader.feed(samples)
        text = self._reader.text
        if before // INTERIM_BYTES != self._fed_bytes // INTERIM_BYTES and text != self._told:
            self._told = text
            self._tell(text, is_final=False)

    def end(self) -> None:
        self._tell(self._reader.finish(), is_final=True)

    def configure(self, wish: RecognizerWish) -> None:
        self._wish = wish

    async def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._engine.streams -= 1

    def _tell(self, text: str, *, is_final: bool) -> None:
        if self._fault:
            return
        utterance, wish = self._utterance, self._wish
        language = "en" if wish.setting == "auto" else wish.setting
        self._answer(partial(self._hearer.heard, utterance, Heard(text, is_final, language, 1.0)))
        translation = Heard(text.upper(), is_final, language, 1.0)
        for target in wish.targets:
            self._answer(partial(self._hearer.translated, utterance, target, translation))

    def _answer(self, call: Callable[[], None]) -> None:
        self._answers.append(call)
        asyncio.get_running_loop().call_soon(self._answer_next)

    def _answer_next(self) -> None:
        call = self._answers.popleft()
        if not self._is_closed:
            call()
