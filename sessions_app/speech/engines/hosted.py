"""Recognisers that other companies run, behind the interface of all engines. What each one speaks is its own module."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble, Heard, Hearer
from sessions_app.speech.engines.hosted_dialect import Limits, Provider, ProviderProblem
from sessions_app.speech.engines.hosted_line import Line
from sessions_app.speech.engines.hosted_patience import Gate
from sessions_app.speech.engines.hosted_take import Take
from sessions_app.speech.languages import AUTO, plain_language
from sessions_app.speech.wire import RecognizerWish

logger = logging.getLogger(__name__)

ENGINE_FAILED: Final = "SPEECH_ENGINE_FAILED"
TRANSLATION_FAILED: Final = "TRANSLATION_FAILED"


class HostedEngine:
    """A provider as an engine.

    Loading asks for the key only: an outage of the provider while the worker starts must not cost the engine, and a
    wrong key shows with the first words.
    """

    def __init__(self, provider: Provider, limits: Limits) -> None:
        self.name = provider.name
        self.translates_to = provider.translates_to
        self.provider = provider
        self.limits = limits
        self.gate = Gate(provider.key, limits)
        self._recognizers: set[HostedRecognizer] = set()

    async def load(self) -> None:
        """Look whether there is a key."""
        if not self.provider.key:
            raise EngineTrouble(ENGINE_FAILED, self._missing())

    def speaks(self, setting: str) -> bool:
        """Whether the provider recognises a language setting."""
        return self.provider.speaks(setting)

    def open(self, wish: RecognizerWish, hearer: Hearer) -> "HostedRecognizer":
        """Return a recogniser; it connects when somebody speaks."""
        if not self.provider.key:
            raise EngineTrouble(ENGINE_FAILED, self._missing())
        recognizer = HostedRecognizer(self, wish, hearer, self._recognizers.discard)
        self._recognizers.add(recognizer)
        return recognizer

    def report(self) -> EngineReport:
        """Return how it is; `failed` while the provider refuses, and for a while when nobody reaches it."""
        state, detail = EngineState.READY, ""
        if not self.provider.key:
            state, detail = EngineState.MISSING, self._missing()
        elif trouble := self.gate.trouble:
            state, detail = EngineState.FAILED, trouble
        return EngineReport(
            name=self.name,
            state=state,
            detail=detail,
            languages=self.provider.languages,
            streams=len(self._recognizers),
        )

    async def close(self) -> None:
        """Close all recognisers."""
        await asyncio.gather(*(recognizer.close() for recognizer in list(self._recognizers)))

    def _missing(self) -> str:
        return f"set {self.provider.key_setting}"


class HostedRecognizer:
    """One language setting of one session: one connection, and one more for each further language to translate into.

    The first connection is the one for the words. Its utterances are told in order; a translation that is ready
    before its words waits for them.
    """

    def __init__(
        self,
        engine: HostedEngine,
        wish: RecognizerWish,
        hearer: Hearer,
        on_close: Callable[["HostedRecognizer"], None],
    ) -> None:
        self._engine = engine
        self._wish = wish
        self._hearer = hearer
        self._on_close = on_close
        self._unheard: list[str] = []
        self._early: dict[str, list[Take]] = {}
        self._farewells: set[asyncio.Task[None]] = set()
        self._lines: list[Line] = []
        self._targets: list[str] = []
        self._is_closed = False
        self._arrange(wish)

    def begin(self, utterance: str) -> None:
        """An utterance begins."""
        self._unheard.append(utterance)
        for line in self._lines:
            line.begin(utterance)

    def feed(self, samples: bytes) -> None:
        """Take sound of the running utterance."""
        for line in self._lines:
            line.feed(samples)

    def end(self) -> None:
        """The utterance is over."""
        for line in self._lines:
            line.end()

    def configure(self, wish: RecognizerWish) -> None:
        """Ask for something else from the next utterance on."""
        if wish != self._wish:
            self._arrange(wish)

    async def close(self) -> None:
        """Close its connections."""
        self._is_closed = True
        self._on_close(self)
        await asyncio.gather(*(line.close() for line in self._lines), *self._farewells)

    def partly(self, take: Take, *, is_main: bool) -> None:
        """Tell what is known so far."""
        if is_main and take.text:
            self._hearer.heard(take.name, self._heard(take, take.text, is_final=False))
        if take.translation:
            self._tell_translation(take, is_final=False)

    def done(self, take: Take, *, is_main: bool) -> None:
        """Tell the end of an utterance."""
        if not is_main:
            if take.name in self._unheard:
                self._early.setdefault(take.name, []).append(take)
            else:
                self._tell_translation(take, is_final=True)
            return
        if take.name in self._unheard:
            self._unheard.remove(take.name)
        self._hearer.heard(take.name, self._heard(take, take.text, is_final=True))
        for one in [take, *self._early.pop(take.name, [])]:
            self._tell_translation(one, is_final=True)

    def failed(self, problem: ProviderProblem, *, is_main: bool) -> None:
        """Tell that the provider does not work."""
        text = f"{self._engine.name} {problem}"
        logger.warning("speech cannot be recognised: %s", text)
        self._hearer.failed(EngineTrouble(ENGINE_FAILED if is_main else TRANSLATION_FAILED, text))

    def recovered(self) -> None:
        """Tell that it works again."""
        logger.info("%s works again", self._engine.name)
        self._hearer.recovered()

    def _arrange(self, wish: RecognizerWish) -> None:
        """Have one line for each language to translate into, at least one."""
        self._wish = wish
        languages = dict.fromkeys(map(plain_language, wish.targets))
        targets = [one for one in languages if one in self._engine.translates_to] or [""]
        for index, target in enumerate(targets):
            dialect = self._engine.provider.dialect(wish, target)
            if index < len(self._lines):
                self._lines[index].change(dialect)
            else:
                ear = _Ear(self, is_main=index == 0)
                self._lines.append(Line(dialect, ear, self._engine.limits, self._engine.gate))
        for line in self._lines[len(targets) :]:
            self._let_go(line.close())
        del self._lines[len(targets) :]

    def _let_go(self, farewell: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(farewell)
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    def _tell_translation(self, take: Take, *, is_final: bool) -> None:
        for target in self._wish.targets:
            if take.target and plain_language(target) == take.target:
                heard = self._heard(take, take.translation, is_final=is_final)
                self._hearer.translated(take.name, target, heard)

    def _heard(self, take: Take, text: str, *, is_final: bool) -> Heard:
        setting = self._wish.setting
        known = "" if setting == AUTO else setting
        return take.heard(is_final=is_final, text=text, setting_language=known)


class _Ear:
    """Tells a recogniser what one of its lines heard."""

    def __init__(self, recognizer: HostedRecognizer, *, is_main: bool) -> None:
        self._recognizer = recognizer
        self._is_main = is_main

    def partly(self, take: Take) -> None:
        self._recognizer.partly(take, is_main=self._is_main)

    def done(self, take: Take) -> None:
        self._recognizer.done(take, is_main=self._is_main)

    def failed(self, problem: ProviderProblem) -> None:
        self._recognizer.failed(problem, is_main=self._is_main)

    def recovered(self) -> None:
        self._recognizer.recovered()
