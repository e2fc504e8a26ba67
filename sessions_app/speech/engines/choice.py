"""How an engine is made by its name.

Modules of engines are imported when they are needed: one whose requirements are not installed is an engine that is
missing and says how to get it.
"""

import importlib
from typing import Final

from sessions_app.speech.choosing import Choice
from sessions_app.speech.engine import Engine, EngineReport, EngineState, EngineTrouble, Hearer, Recognizer
from sessions_app.speech.engines.local_engine import NOT_INSTALLED
from sessions_app.speech.wire import RecognizerWish

__all__ = ["KNOWN", "Choice", "MissingEngine", "make_engine"]

KNOWN: Final = ("whisper", "moonshine", "scripted", "deepgram", "soniox")


def make_engine(name: str) -> Engine:
    """Return the engine of a name; one that cannot be had is there as well, and says what is missing."""
    if name not in KNOWN:
        return MissingEngine(name, f"SPEECH_ENGINES names {name}; known are {', '.join(KNOWN)}")
    try:
        module = importlib.import_module(f"sessions_app.speech.engines.{name}")
        engine: Engine = module.make_engine()
    except ImportError as problem:
        return MissingEngine(name, f"{NOT_INSTALLED} ({problem})")
    except EngineTrouble as trouble:
        return MissingEngine(name, str(trouble))
    return engine


class MissingEngine:
    """Stands for an engine that is not installed or not configured."""

    translates_to: frozenset[str] = frozenset()

    def __init__(self, name: str, detail: str) -> None:
        self.name = name
        self._detail = detail

    async def load(self) -> None:
        raise EngineTrouble("SPEECH_ENGINE_FAILED", self._detail)

    def speaks(self, setting: str) -> bool:
        return False

    def open(self, wish: RecognizerWish, hearer: Hearer) -> Recognizer:
        raise EngineTrouble("SPEECH_ENGINE_FAILED", self._detail)

    def report(self) -> EngineReport:
        return EngineReport(self.name, EngineState.MISSING, self._detail)

    async def close(self) -> None:
        return None
