"""Whisper on this machine's processors, the default engine: 99 languages, and anything said into English."""

import asyncio
import importlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from django.conf import settings

from sessions_app.speech.engine import (
    ANY_LANGUAGE,
    Engine,
    EngineReport,
    EngineState,
    EngineTrouble,
    Hearer,
)
from sessions_app.speech.engines.decoding_desk import DecodingDesk
from sessions_app.speech.engines.installing import NOT_INSTALLED
from sessions_app.speech.engines.whisper_files import (
    ModelFilesUnusable,
    find_missing_packages,
    read_model_files,
)
from sessions_app.speech.engines.whisper_recognizer import WhisperRecognizer, Workshop
from sessions_app.speech.engines.whisper_rules import AUTO, ENGLISH, whisper_code
from sessions_app.speech.engines.work_meter import WorkMeter
from sessions_app.speech.wire import RecognizerWish

if TYPE_CHECKING:
    from sessions_app.speech.engines.whisper_model import WhisperModel

NAME: Final = "whisper"
FAILED: Final = "SPEECH_ENGINE_FAILED"

LoadModel = Callable[[], tuple["WhisperModel", str]]
"""Returns a model and what people call it; runs in a thread."""


def make_engine() -> Engine:
    """Return the engine with the model and the threads that settings give it."""
    return WhisperEngine(str(settings.SPEECH_MODEL_DIR), int(settings.SPEECH_THREADS))


class WhisperEngine:
    """One model and its threads, for all recognisers of a worker; loaded in a thread."""

    name = NAME

    def __init__(self, model_dir: str, threads: int, load_model: LoadModel | None = None) -> None:
        self._model_dir = model_dir
        self._threads = max(1, threads)
        self._load_model = load_model or partial(_load_model, model_dir, self._threads)
        self._shop: Workshop | None = None
        self._state, self._detail = EngineState.LOADING, "The model is being loaded"
        self.translates_to: frozenset[str] = frozenset({ENGLISH})

    async def load(self) -> None:
        """Read, check and load the model; raises EngineTrouble."""
        if find_missing_packages(self._model_dir):
            self._is_down(EngineState.MISSING, NOT_INSTALLED)
        try:
            model, name = await asyncio.to_thread(self._load_model)
        except ModelFilesUnusable as problem:
            self._is_down(EngineState.FAILED, str(problem))
        except Exception as problem:  # noqa: BLE001  operators are told
            self._is_down(EngineState.FAILED, f"The Whisper model cannot be loaded: {problem}", problem)
        else:
            self._shop = Workshop(model, DecodingDesk(self._threads), WorkMeter())
            self.translates_to = frozenset({ENGLISH} if model.is_multilingual else ())
            self._state, self._detail = EngineState.READY, f"Whisper {name}"

    def speaks(self, setting: str) -> bool:
        """Whether the model knows a language; every language until the model is there."""
        return setting == AUTO or self._shop is None or self._shop.model.knows(whisper_code(setting))

    def open(self, wish: RecognizerWish, hearer: Hearer) -> WhisperRecognizer:
        """Return a recogniser; raises EngineTrouble before the model is loaded."""
        if self._shop is None:
            raise EngineTrouble(FAILED, self._detail)
        if not self.speaks(wish.setting):
            raise EngineTrouble("SPEECH_LANGUAGE_UNSUPPORTED", f"Whisper does not know {wish.setting}")
        return WhisperRecognizer(self._shop, wish, hearer)

    def report(self) -> EngineReport:
        """Return how it is."""
        languages = (ANY_LANGUAGE,) if self.translates_to else (ENGLISH,)
        if self._shop is None:
            return EngineReport(self.name, self._state, self._detail, languages)
        factor, streams = self._shop.meter.factor(), self._shop.streams
        return EngineReport(self.name, self._state, self._detail, languages, factor, streams)

    async def close(self) -> None:
        """Let go of the threads and the model."""
        if self._shop is not None:
            self._shop.desk.close()
            self._shop = None

    def _is_down(self, state: EngineState, detail: str, cause: Exception | None = None) -> None:
        self._state, self._detail = state, detail
        raise EngineTrouble(FAILED, detail) from cause


def _load_model(model_dir: str, threads: int) -> tuple["WhisperModel", str]:
    module = importlib.import_module("sessions_app.speech.engines.whisper_model")
    files = read_model_files(model_dir)
    return module.WhisperModel(files, threads), files.name
