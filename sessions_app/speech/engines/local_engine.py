"""An engine whose model runs on this machine: loaded in a thread, with a few threads for all its recognisers.

Must not know which model it is.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sessions_app.speech.engine import ANY_LANGUAGE, EngineReport, EngineState, EngineTrouble, Hearer
from sessions_app.speech.engines.decoding_desk import DecodingDesk
from sessions_app.speech.engines.local_recognizer import LocalRecognizer, Reader, Workshop
from sessions_app.speech.wire import RecognizerWish

NOT_INSTALLED: Final = (
    "The speech engines are not installed; run `make run` or `pip install -r requirements-speech.txt`"
)
FAILED: Final = "SPEECH_ENGINE_FAILED"


class ModelMissing(Exception):
    """What the model needs is not installed."""


class ModelUnusable(Exception):
    """The model is there, but cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Model:
    """A loaded model; `title` is what people call it, `languages` are codes, ("*",) for any."""

    title: str
    new_reader: Callable[[], Reader]
    speaks: Callable[[str], bool]
    languages: tuple[str, ...] = (ANY_LANGUAGE,)
    translates_to: frozenset[str] = frozenset()
    close: Callable[[], None] = lambda: None


class LocalEngine:
    """Made before its model is loaded; until then it tells the languages that it will most likely understand."""

    def __init__(
        self,
        name: str,
        load_model: Callable[[], Model],
        threads: int,
        *,
        interim_seconds: float = 1.0,
        languages: tuple[str, ...] = (ANY_LANGUAGE,),
        translates_to: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.translates_to = translates_to
        self._languages = languages
        self._load_model = load_model
        self._threads = max(1, threads)
        self._interim_seconds = interim_seconds
        self._model: Model | None = None
        self._shop: Workshop | None = None
        self._state, self._detail = EngineState.LOADING, "The model is being loaded"

    async def load(self) -> None:
        """Check and load the model in a thread; raises EngineTrouble."""
        try:
            self._model = await asyncio.to_thread(self._load_model)
        except ModelMissing as problem:
            self._is_down(EngineState.MISSING, str(problem))
        except ModelUnusable as problem:
            self._is_down(EngineState.FAILED, str(problem))
        except Exception as problem:  # noqa: BLE001  operators are told
            self._is_down(EngineState.FAILED, f"The model cannot be loaded: {problem}")
        else:
            desk = DecodingDesk(self._threads)
            self._shop = Workshop(self.name, desk, self._model.new_reader, self._interim_seconds)
            self.translates_to, self._languages = self._model.translates_to, self._model.languages
            self._state, self._detail = EngineState.READY, self._model.title

    def speaks(self, setting: str) -> bool:
        """Whether the model knows the language of a setting; False before it is loaded."""
        return self._model is not None and self._model.speaks(setting)

    def open(self, wish: RecognizerWish, hearer: Hearer) -> LocalRecognizer:
        """Return a recogniser; raises EngineTrouble."""
        if self._shop is None:
            raise EngineTrouble(FAILED, self._detail)
        if not self.speaks(wish.setting):
            message = f"{self._detail} does not know {wish.setting}"
            raise EngineTrouble("SPEECH_LANGUAGE_UNSUPPORTED", message)
        return LocalRecognizer(self._shop, wish, hearer)

    def report(self) -> EngineReport:
        """Return how it is."""
        if self._shop is None:
            return EngineReport(self.name, self._state, self._detail, self._languages)
        factor, streams = self._shop.meter.factor(), self._shop.streams
        return EngineReport(self.name, self._state, self._detail, self._languages, factor, streams)

    async def close(self) -> None:
        """Let go of the threads, after what they do just now, and of the model."""
        model, self._model = self._model, None
        shop, self._shop = self._shop, None
        if shop is not None:
            await shop.desk.close()
        if model is not None:
            model.close()

    def _is_down(self, state: EngineState, detail: str) -> None:
        self._state, self._detail = state, detail
        raise EngineTrouble(FAILED, detail)
