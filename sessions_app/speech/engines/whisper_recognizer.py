"""One recogniser by Whisper: keeps the sound of its utterances, has it read while it grows, and tells what was read.

Lives in the event loop; the reading runs in threads of the decoding desk, which hand over what they found.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from sessions_app.speech.engine import EngineTrouble, Heard, Hearer
from sessions_app.speech.engines.decoding_desk import DecodingDesk, Work
from sessions_app.speech.engines.whisper_rules import (
    AUTO,
    ENGLISH,
    choose_language,
    confidence_of,
    is_nothing,
    prompt_of,
    usual_code,
    whisper_code,
)
from sessions_app.speech.engines.work_meter import WorkMeter
from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE, RecognizerWish

if TYPE_CHECKING:
    from sessions_app.speech.engines.whisper_model import Encoded, Reading, WhisperModel

MOST_BYTES: Final = 30 * SAMPLE_RATE * SAMPLE_BYTES
_BYTES_A_SECOND: Final = SAMPLE_RATE * SAMPLE_BYTES
_SURE_OF_LANGUAGE: Final = 0.8
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Utterance:
    """An utterance under way; `language` is Whisper's code once it is clear, "" until then."""

    name: str
    sound: bytearray = field(default_factory=bytearray)
    fed_bytes: int = 0
    next_interim_at: float = 0.0
    language: str = ""
    is_over: bool = False


@dataclass(slots=True)
class Workshop:
    """What all recognisers of an engine share, and how many there are: in all, and in the middle of an utterance."""

    model: "WhisperModel"
    desk: DecodingDesk
    meter: WorkMeter
    streams: int = 0
    speaking: int = 0


class WhisperRecognizer:
    """Asks the desk for an interim result about every second, and for a final one at the end of an utterance."""

    def __init__(self, workshop: Workshop, wish: RecognizerWish, hearer: Hearer) -> None:
        self._shop = workshop
        self._wish = wish
        self._hearer = hearer
        self._loop = asyncio.get_running_loop()
        self._utterance: _Utterance | None = None
        self._language_before = ""
        self._has_failed = False
        self._is_closed = False
        workshop.streams += 1

    def begin(self, utterance: str) -> None:
        """An utterance begins."""
        self.end()
        self._shop.speaking += 1
        pause = self._shop.desk.pause_after(0.0, self._shop.speaking)
        self._utterance = _Utterance(utterance, next_interim_at=pause)

    def feed(self, samples: bytes) -> None:
        """Keep sound, the newest 30 s of it, and ask for an interim result when it is time."""
        utterance = self._utterance
        if utterance is None:
            return
        utterance.sound += samples
        utterance.fed_bytes += len(samples)
        if len(utterance.sound) > MOST_BYTES:
            del utterance.sound[: len(utterance.sound) - MOST_BYTES]
        if utterance.fed_bytes >= utterance.next_interim_at * _BYTES_A_SECOND:
            self._shop.desk.ask_interim(self, partial(self._prepare_interim, utterance))

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

    def _prepare_interim(self, utterance: _Utterance) -> Work | None:
        """Return the work for the sound there is now, when its turn has come."""
        if utterance.is_over or self._is_closed:
            return None
        utterance.next_interim_at = math.inf
        return partial(self._work, utterance, bytes(utterance.sound), self._wish, is_final=False)

    # In a thread.
    def _work(self, utterance: _Utterance, sound: bytes, wish: RecognizerWish, *, is_final: bool) -> None:
        began = time.perf_counter()
        try:
            self._read(utterance, sound, wish, is_final)
        except Exception as problem:  # noqa: BLE001  whatever it is, apps are told
            _LOG.exception("Whisper failed.")
            self._in_loop(
                partial(self._fail, utterance, wish, is_final, f"{type(problem).__name__}: {problem}")
            )
        took = time.perf_counter() - began
        self._shop.meter.note(
            work_seconds=took, speech_seconds=len(sound) / _BYTES_A_SECOND if is_final else 0.0
        )
        if not is_final:
            self._in_loop(partial(self._plan_interim, utterance, took))

    def _read(self, utterance: _Utterance, sound: bytes, wish: RecognizerWish, is_final: bool) -> None:
        encoded = self._shop.model.encode(sound, is_quick=not is_final)
        language = self._language_of(utterance, encoded, wish, is_final)
        targets = [target for target in wish.targets if whisper_code(target) == ENGLISH]
        prompt = prompt_of(wish.vocabulary)
        wants_words = is_final or wish.transcribes or not targets or language == ENGLISH
        text = ""
        if wants_words:
            reading = self._shop.model.read(encoded, language, prompt=prompt)
            heard = self._heard(reading, wish, language, is_final)
            text = heard.text
            self._in_loop(partial(self._tell, utterance, heard, ""))
        if not targets or (is_final and not text):
            return
        if language != ENGLISH and (is_final or not wants_words):
            heard = self._heard(
                self._shop.model.read(encoded, language, in_english=True), wish, language, is_final
            )
        elif language != ENGLISH:
            return
        for target in targets:
            self._in_loop(partial(self._tell, utterance, heard, target))

    def _language_of(
        self, utterance: _Utterance, encoded: "Encoded", wish: RecognizerWish, is_final: bool
    ) -> str:
        """Return the language by Whisper's code; detected, it stays for the utterance once it is clear."""
        if wish.setting != AUTO:
            return whisper_code(wish.setting)
        hints = [whisper_code(hint) for hint in wish.hints]
        if not wish.identify_language and hints:
            return hints[0]
        if not utterance.language:
            odds = self._shop.model.odds_of_languages(encoded)
            language, sureness = choose_language(odds, hints, self._language_before)
            if sureness < _SURE_OF_LANGUAGE and not is_final:
                return language
            utterance.language = language
        if is_final:
            self._language_before = utterance.language
        return utterance.language

    def _heard(self, reading: "Reading", wish: RecognizerWish, language: str, is_final: bool) -> Heard:
        is_silence = is_nothing(reading.text, reading.log_probability, reading.no_speech)
        told = usual_code(language) if wish.setting == AUTO else wish.setting
        if is_silence:
            return Heard("", is_final, told)
        return Heard(reading.text, is_final, told, confidence_of(reading.log_probability))

    def _in_loop(self, call: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    # In the event loop again.
    def _tell(self, utterance: _Utterance, heard: Heard, target: str) -> None:
        if self._is_closed or (utterance.is_over and not heard.is_final):
            return
        if self._has_failed:
            self._has_failed = False
            self._hearer.recovered()
        if target:
            self._hearer.translated(utterance.name, target, heard)
        elif heard.text or heard.is_final:
            self._hearer.heard(utterance.name, heard)

    def _fail(self, utterance: _Utterance, wish: RecognizerWish, is_final: bool, problem: str) -> None:
        if self._is_closed:
            return
        self._has_failed = True
        self._hearer.failed(EngineTrouble("SPEECH_ENGINE_FAILED", f"Whisper failed: {problem}"))
        if is_final:
            self._hearer.heard(utterance.name, Heard("", True, wish.setting))

    def _plan_interim(self, utterance: _Utterance, took: float) -> None:
        pause = self._shop.desk.pause_after(took, self._shop.speaking)
        utterance.next_interim_at = utterance.fed_bytes / _BYTES_A_SECOND + max(0.0, pause - took)
