"""Which engine recognises which language, as settings say, and how an engine is made by its name.

Modules of engines are imported when they are needed: one whose requirements are not installed is an engine that is
missing and says how to get it.
"""

import importlib
from dataclasses import dataclass
from typing import Final

from sessions_app.speech.engine import Engine, EngineReport, EngineState, EngineTrouble, Hearer, Recognizer
from sessions_app.speech.wire import RecognizerWish

HOW_TO_INSTALL: Final = "install it by `make run`, or by `pip install -r requirements-speech.txt`"
KNOWN: Final = ("whisper", "moonshine", "scripted", "deepgram", "soniox")


@dataclass(frozen=True)
class Choice:
    """Names of engines: for single languages, and for all others in the order in which they are tried."""

    of_language: tuple[tuple[str, str], ...]
    of_others: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "Choice":
        """Read a setting such as `whisper,deepgram,ko=soniox`."""
        entries = [entry.strip() for entry in text.split(",") if entry.strip()]
        pairs = [entry.partition("=") for entry in entries if "=" in entry]
        return cls(
            tuple((language.strip().lower(), name.strip()) for language, _, name in pairs),
            tuple(entry for entry in entries if "=" not in entry),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Every engine that may be asked, each once, the default first."""
        return tuple(dict.fromkeys([*self.of_others, *(name for _, name in self.of_language)]))

    def for_setting(self, setting: str) -> tuple[str, ...]:
        """Return the engines to try for a language setting: the most exact choice first."""
        wanted = setting.lower()
        chosen = dict(self.of_language)
        exact = [chosen[key] for key in (wanted, wanted.partition("-")[0]) if key in chosen]
        return tuple(dict.fromkeys([*exact, *self.of_others]))


def make_engine(name: str) -> Engine:
    """Return the engine of a name; one that cannot be had is there as well, and says what is missing."""
    if name not in KNOWN:
        return MissingEngine(name, f"SPEECH_ENGINES names {name}; known are {', '.join(KNOWN)}")
    try:
        module = importlib.import_module(f"sessions_app.speech.engines.{name}")
        engine: Engine = module.make_engine()
    except ImportError as problem:
        return MissingEngine(name, f"{name} is not installed ({problem}); {HOW_TO_INSTALL}")
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
