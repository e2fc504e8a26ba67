"""Pairs of languages by Apertium, where it is installed: a program of its own, called once per sentence.

Its licence stays out of this process. Must not know who wants the words.
"""

import asyncio
import shutil
from collections.abc import Iterable, Mapping
from typing import Final

from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble
from sessions_app.speech.languages import pair_name, plain_language
from sessions_app.speech.programs import ProgramFailed, read_all

HOW_TO_INSTALL: Final = (
    "Apertium is not installed: for example `apt-get install apertium apertium-eng-spa`, one package per pair"
)
_LIST_SECONDS: Final = 10.0
_SENTENCE_SECONDS: Final = 8.0
_MOST_AT_ONCE: Final = 2
_MOST_WAITING: Final = 32
_MOST_CHARACTERS: Final = 4_000
_HALVES: Final = 2
# One mode serves several languages that people ask for by their own names.
_MEANS: Final = {"hbs": ("sr", "hr", "bs")}

Pair = tuple[str, str]


class ApertiumTranslator:
    """Some hundred milliseconds a sentence, most of them for starting the program."""

    name = "apertium"

    def __init__(self) -> None:
        self._program = ""
        self._modes: Mapping[Pair, str] = {}
        self._state, self._detail = EngineState.LOADING, ""
        self._places = asyncio.Semaphore(_MOST_AT_ONCE)
        self._under_way = 0

    async def load(self) -> None:
        """Look which pairs are installed; raises EngineTrouble where there are none."""
        program = shutil.which(self.name)
        try:
            listed = await read_all((program, "-l"), "", _LIST_SECONDS) if program else ""
        except ProgramFailed as problem:
            self._state, self._detail = EngineState.FAILED, str(problem)
            raise EngineTrouble("TRANSLATION_FAILED", self._detail) from problem
        self._modes = modes_of(listed.split())
        if program is None or not self._modes:
            self._state, self._detail = EngineState.MISSING, HOW_TO_INSTALL
            raise EngineTrouble("TRANSLATION_FAILED", HOW_TO_INSTALL)
        self._program, self._state = program, EngineState.READY

    def pairs(self) -> frozenset[Pair]:
        """Return the pairs that are installed."""
        return frozenset(self._modes)

    def is_quick(self) -> bool:
        """Only final results: a process for each interim one would be too much."""
        return False

    async def translate(self, text: str, source: str, target: str) -> str:
        """Return the translation; raises EngineTrouble."""
        mode = self._modes.get((source, target))
        if mode is None:
            raise EngineTrouble("TRANSLATION_FAILED", f"Apertium has no mode for {pair_name(source, target)}")
        if self._under_way >= _MOST_WAITING:
            raise EngineTrouble("TRANSLATION_FAILED", "Too many sentences wait for Apertium")
        self._under_way += 1
        try:
            async with self._places:
                line = " ".join(text.replace("\0", " ").split())[:_MOST_CHARACTERS]
                translated = await read_all((self._program, "-u", mode), line, _SENTENCE_SECONDS)
        except ProgramFailed as problem:
            raise EngineTrouble("TRANSLATION_FAILED", str(problem)) from problem
        finally:
            self._under_way -= 1
        if not translated.strip():
            raise EngineTrouble("TRANSLATION_FAILED", f"Apertium made nothing of a sentence ({mode})")
        return translated.strip()

    def report(self) -> EngineReport:
        """Return how it is."""
        names = tuple(sorted(pair_name(*pair) for pair in self._modes))
        return EngineReport(self.name, self._state, self._detail, names, streams=self._under_way)

    async def close(self) -> None:
        """Nothing stays between sentences."""


def modes_of(names: Iterable[str]) -> dict[Pair, str]:
    """Return the mode of each pair. Modes are named `eng-spa`, `es-pt` or, for a variant, `spa-eng_US`.

    A variant serves its pair only where there is no plain mode.
    """
    modes: dict[Pair, str] = {}
    for name in sorted(names, key=lambda name: ("_" in name or "@" in name, name)):
        halves = name.split("-")
        if len(halves) != _HALVES or not all(halves):
            continue
        for source in _languages_of(halves[0]):
            for target in _languages_of(halves[1]):
                if source != target:
                    modes.setdefault((source, target), name)
    return modes


def _languages_of(code: str) -> tuple[str, ...]:
    bare = code.partition("_")[0].partition("@")[0]
    return _MEANS.get(bare, (plain_language(bare),))
