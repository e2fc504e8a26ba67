"""A scripted engine that a test can hold up or break, and somebody who notes what a track tells."""

import asyncio

from sessions_app.speech import wire
from sessions_app.speech.engine import EngineTrouble, Heard, Hearer
from sessions_app.speech.engines.choice import Choice
from sessions_app.speech.engines.scripted import NAME, ScriptedEngine, ScriptedRecognizer
from sessions_app.speech.translation.routes import Translated
from sessions_app.speech.worker.engine_set import Engines
from sessions_app.speech.worker.passage import Passage


class Breakable(ScriptedEngine):
    """Loads when it may, with the trouble it is given; its recognisers break when told to."""

    def __init__(self, fault: str = "") -> None:
        super().__init__(fault)
        self.may_load = asyncio.Event()
        self.load_trouble: EngineTrouble | None = None
        self.open_trouble: EngineTrouble | None = None
        self.breaks = False

    async def load(self) -> None:
        await self.may_load.wait()
        if self.load_trouble is not None:
            raise self.load_trouble
        await super().load()

    def open(self, wish: wire.RecognizerWish, hearer: Hearer) -> ScriptedRecognizer:
        if self.open_trouble is not None:
            raise self.open_trouble
        return _Breakable(self, wish, hearer)

    def loaded(self) -> Engines:
        """Return a set of engines that has only this one, which may load now."""
        self.may_load.set()
        return self.alone()

    def alone(self) -> Engines:
        """Return a set of engines that has only this one."""
        engines = Engines(Choice.read(NAME), lambda name: self)
        engines.start()
        return engines


class _Breakable(ScriptedRecognizer):
    def __init__(self, engine: Breakable, wish: wire.RecognizerWish, hearer: Hearer) -> None:
        super().__init__(engine, wish, hearer)
        self._owner = engine

    def feed(self, samples: bytes) -> None:
        if self._owner.breaks:
            raise RuntimeError("broken")
        super().feed(samples)


class Notes:
    """Takes what a track tells."""

    def __init__(self) -> None:
        self.finals: list[tuple[str, str]] = []
        self.translations: list[tuple[str, str, str]] = []
        self.troubles: list[tuple[str, str]] = []
        self.messages: list[str] = []
        self.dropped = 0
        self.late: list[float] = []
        self.changed = asyncio.Event()

    def tell_words(self, setting: str, provider: str, passage: Passage, heard: Heard) -> None:
        if heard.is_final:
            self.finals.append((passage.name, heard.text))
            self.changed.set()

    def tell_translated(
        self, setting: str, target: str, passage: Passage, heard: Heard, translated: Translated
    ) -> None:
        if heard.is_final:
            self.translations.append((target, heard.text, translated.text))
            self.changed.set()

    def tell_trouble(self, setting: str, target: str, trouble: EngineTrouble) -> None:
        self.troubles.append((target, trouble.code))
        self.messages.append(str(trouble))
        self.changed.set()

    def tell_trouble_over(self, setting: str, target: str) -> None:
        self.troubles.append((target, "over"))
        self.changed.set()

    def tell_dropped(self, samples: int) -> None:
        self.dropped += samples

    def tell_settled(self) -> None:
        self.changed.set()

    def note_final(self, late_seconds: float) -> None:
        self.late.append(late_seconds)
