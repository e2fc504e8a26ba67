"""One recogniser of a channel: given every utterance, opened again when it fails, given up when it hangs.

Its engine may still be loading; utterances wait here meanwhile, bounded.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from sessions_app.speech.engine import Engine, EngineTrouble, Heard, Recognizer
from sessions_app.speech.translation.routes import Translated, Translations
from sessions_app.speech.wire import SAMPLE_RATE, RecognizerWish
from sessions_app.speech.worker.engine_set import Engines, StillLoading
from sessions_app.speech.worker.passage import Passage
from sessions_app.speech.worker.targets import Targets
from sessions_app.speech.worker.translating import Interpreter
from sessions_app.speech.worker.troubles import Troubles
from sessions_app.speech.worker.underway import WORDS, AllUnderway, Underway

logger = logging.getLogger(__name__)

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 1.0, 30.0
# Time for an engine to repair itself before its recogniser is opened anew.
OWN_REPAIR_SECONDS = 10.0


class Outlet(Protocol):
    """Where the results of a track go: its channel."""

    def tell_words(self, setting: str, provider: str, passage: Passage, heard: Heard) -> None: ...
    def tell_translated(
        self, setting: str, target: str, passage: Passage, heard: Heard, translated: Translated
    ) -> None: ...
    def tell_trouble(self, setting: str, target: str, trouble: EngineTrouble) -> None: ...
    def tell_trouble_over(self, setting: str, target: str) -> None: ...
    def tell_dropped(self, samples: int) -> None: ...
    def tell_settled(self) -> None: ...
    def note_final(self, late_seconds: float) -> None: ...


@dataclass(frozen=True)
class TrackLimits:
    """How long a final may take, and how much sound may wait for its final."""

    final_seconds: float = 10.0
    most_waiting_samples: int = 30 * SAMPLE_RATE


class Track:
    """Keeps one recogniser going for one wish; a hearer of its engine and the outcome of its interpreter."""

    def __init__(
        self,
        wish: RecognizerWish,
        engines: Engines,
        translations: Translations,
        outlet: Outlet,
        limits: TrackLimits,
    ) -> None:
        self.wish = wish
        self.troubles = Troubles(
            lambda target, trouble: outlet.tell_trouble(wish.setting, target, trouble),
            lambda target: outlet.tell_trouble_over(wish.setting, target),
        )
        self._provider = ""
        self._engines = engines
        self._outlet = outlet
        self._limits = limits
        self._targets = Targets(wish, translations)
        self._interpreter = Interpreter(translations, self)
        self._recognizer: Recognizer | None = None
        self._underway = AllUnderway()
        self._is_waiting = False
        self._is_down = False
        self._retries = 0
        self._retry: asyncio.TimerHandle | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def oldest(self) -> Passage | None:
        """The first utterance whose results have not all come."""
        oldest = self._underway.oldest
        return oldest.passage if oldest else None

    def start(self) -> None:
        """Open the recogniser as soon as its engine is ready."""
        self._engines.call_on_change(self._open)
        self._open()

    def begin(self, passage: Passage) -> None:
        """An utterance begins. Without an engine it is let go."""
        self._let_go_of_too_much()
        if self._recognizer is None and not self._is_waiting:
            return
        self._underway.add(passage, self._targets.all)
        self._call(lambda recognizer: recognizer.begin(passage.name))

    def feed(self, passage: Passage, samples: bytes) -> None:
        """Its sound goes on."""
        underway = self._underway.get(passage.name)
        if underway is None:
            return
        if self._recognizer is None:
            underway.sound += samples
            self._let_go_of_too_much()
        self._call(lambda recognizer: recognizer.feed(samples))

    def end(self, passage: Passage) -> None:
        """It is over."""
        underway = self._underway.get(passage.name)
        if underway is None:
            return
        underway.over_at = _now()
        self._call(lambda recognizer: recognizer.end())
        if self._watch is None:
            self._watch_for_final()

    def configure(self, wish: RecognizerWish) -> None:
        """Take a wish for the same setting."""
        self.wish = wish
        self._targets.take(wish)
        self.troubles.keep_only([WORDS, *wish.targets])
        if self._recognizer is not None:
            self._tell_unsupported()
        self._call(lambda recognizer: recognizer.configure(self._targets.engine_wish))

    async def close(self) -> None:
        """Let go of the recogniser."""
        self._engines.forget(self._open)
        self._interpreter.close()
        self._cancel_retry()
        if self._watch is not None:
            self._watch.cancel()
        self._underway.clear()
        self._let_go()
        await asyncio.gather(*self._closing, return_exceptions=True)

    # What the engine says.
    def heard(self, utterance: str, heard: Heard) -> None:
        underway = self._underway.get(utterance)
        if underway is None or not underway.lacks_words:
            return
        underway.last = heard
        self._tell_words(underway, heard)
        for target in self._targets.by_text:
            self._interpreter.take(underway.passage, heard, target)
        if heard.is_final:
            self._retries = 0
            if self._retry is None:
                self.troubles.end(WORDS)
            self._outlet.note_final(_now() - underway.over_at if underway.over_at else 0.0)
            self._settle(underway.passage, WORDS)

    def translated(self, utterance: str, target: str, heard: Heard) -> None:
        underway = self._underway.get(utterance)
        if underway is None or target not in underway.awaited:
            return
        text = underway.last.text if underway.last else ""
        original = replace(heard, text=text)
        is_the_same = self._targets.is_the_same(heard.language, target)
        translated = Translated(text if is_the_same and text else heard.text, self._provider, not is_the_same)
        self.interpreted(underway.passage, target, original, translated)

    def failed(self, trouble: EngineTrouble) -> None:
        self.troubles.begin(WORDS, trouble)
        self._retry_in(OWN_REPAIR_SECONDS)

    def recovered(self) -> None:
        self._cancel_retry()
        self.troubles.end(WORDS)

    # What the interpreter says.
    def interpreted(self, passage: Passage, target: str, heard: Heard, translated: Translated) -> None:
        provider = translated.provider or self._provider
        told = Translated(translated.text, provider, translated.did_translate)
        self._outlet.tell_translated(self.wish.setting, target, passage, heard, told)
        self.troubles.end(target)
        if heard.is_final:
            self._settle(passage, target)

    def not_interpreted(self, passage: Passage, target: str, trouble: EngineTrouble) -> None:
        self.troubles.begin(target, trouble)
        self._settle(passage, target)

    def _open(self) -> None:
        """Open the recogniser and give it what waits, or wait for its engine, or say what is wrong."""
        if self._recognizer is not None:
            return
        self._cancel_retry()
        try:
            engine = self._engines.pick(self.wish.setting)
            self._targets.choose(engine)
            self._recognizer = engine.open(self._targets.engine_wish, self)
        except StillLoading:
            self._is_waiting = True
        except EngineTrouble as trouble:
            self._go_down(trouble)
        except Exception as error:
            logger.exception("A recogniser for %s cannot be opened.", self.wish.setting)
            self._go_down(_as_trouble(error))
        else:
            self._is_opened(engine)

    def _is_opened(self, engine: Engine) -> None:
        self._is_waiting = False
        self._provider = engine.name
        if self._is_down:
            self._is_down = False
            self.troubles.end(WORDS)
        self._tell_unsupported()
        for waiting in self._underway.all:
            self._hand_over(waiting)
        self._watch_for_final()

    def _hand_over(self, waiting: Underway) -> None:
        sound, waiting.sound = bytes(waiting.sound), bytearray()
        waiting.awaited = {WORDS, *self._targets.all}
        self._call(lambda recognizer: recognizer.begin(waiting.passage.name))
        self._call(lambda recognizer: recognizer.feed(sound))
        if waiting.over_at:
            self._call(lambda recognizer: recognizer.end())

    def _go_down(self, trouble: EngineTrouble) -> None:
        """There is no recogniser for now: what is under way is let go, and it is tried again later."""
        self._is_waiting, self._is_down = False, True
        self._let_go()
        self._finish(self._underway.all)
        self.troubles.begin(WORDS, trouble)
        if trouble.code == "SPEECH_ENGINE_FAILED":
            self._retry_in(min(FIRST_RETRY_SECONDS * 2.0**self._retries, LONGEST_RETRY_SECONDS))
            self._retries = min(self._retries + 1, 10)

    def _let_go_of_too_much(self) -> None:
        if self._underway.waiting_samples > self._limits.most_waiting_samples:
            self._give_up("It cannot follow.")

    def _give_up(self, why: str) -> None:
        """What the recogniser has is let go and counted, and another one is opened for what is still spoken."""
        logger.warning("A recogniser of %s for %s is given up. %s", self._provider, self.wish.setting, why)
        lost = [each for each in self._underway.all if each.over_at] or self._underway.all
        self._outlet.tell_dropped(sum(each.passage.samples for each in lost if each.lacks_words))
        message = f"{self._provider or 'The speech engine'} gives no words. {why}"
        self.troubles.begin(WORDS, EngineTrouble("SPEECH_ENGINE_FAILED", message))
        self._let_go()
        self._finish(lost)
        self._open()

    def _finish(self, lost: list[Underway]) -> None:
        """Let what was understood so far of utterances that come to nothing more be their final."""
        for underway in lost:
            if underway.lacks_words:
                known = underway.last or Heard("", False, self.wish.setting)
                self._tell_words(underway, replace(known, is_final=True))
            self._underway.remove(underway)
        self._outlet.tell_settled()

    def _tell_words(self, underway: Underway, heard: Heard) -> None:
        if self.wish.transcribes:
            self._outlet.tell_words(self.wish.setting, self._provider, underway.passage, heard)

    def _settle(self, passage: Passage, target: str) -> None:
        if self._underway.settle(passage.name, target):
            self._watch_for_final()
            self._outlet.tell_settled()

    def _watch_for_final(self) -> None:
        """Expect the next final, counted from the last one or from the end of what was spoken."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._recognizer is not None and self._underway.has_one_over:
            loop = asyncio.get_running_loop()
            self._watch = loop.call_later(self._limits.final_seconds, self._miss_final)

    def _miss_final(self) -> None:
        self._watch = None
        oldest = self._underway.oldest
        if oldest is None or oldest.lacks_words:
            self._give_up(f"Nothing came within {self._limits.final_seconds:.0f} s.")
            return
        for target in oldest.awaited:
            self.troubles.begin(
                target, EngineTrouble("TRANSLATION_FAILED", "The translation takes too long.")
            )
        self._underway.remove(oldest)
        self._watch_for_final()
        self._outlet.tell_settled()

    def _call(self, call: Callable[[Recognizer], None]) -> None:
        if self._recognizer is None:
            return
        try:
            call(self._recognizer)
        except Exception as error:
            logger.exception("A recogniser of %s failed.", self._provider)
            self._go_down(_as_trouble(error))

    def _tell_unsupported(self) -> None:
        for target, trouble in self._targets.unsupported():
            self.troubles.begin(target, trouble)

    def _let_go(self) -> None:
        recognizer, self._recognizer = self._recognizer, None
        if recognizer is not None:
            task = asyncio.create_task(recognizer.close(), name="close recogniser")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _retry_in(self, seconds: float) -> None:
        self._cancel_retry()
        self._retry = asyncio.get_running_loop().call_later(seconds, self._open_anew)

    def _open_anew(self) -> None:
        self._let_go()
        self._finish(self._underway.all)
        self._open()

    def _cancel_retry(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None


def _as_trouble(error: Exception) -> EngineTrouble:
    return EngineTrouble("SPEECH_ENGINE_FAILED", f"{type(error).__name__}: {error}")


def _now() -> float:
    return asyncio.get_running_loop().time()
