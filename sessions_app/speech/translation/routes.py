"""Which translator serves which pair of languages, in the order of the deployment; recent sentences are remembered.

Must not know sessions, or how a translator works.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sessions_app.speech.engine import ANY_LANGUAGE, EngineReport, EngineState, EngineTrouble, Translator
from sessions_app.speech.languages import AUTO, pair_name, plain_language

BY_RECOGNIZER: Final = "whisper"
"""Stands in the order of translators for those recognisers that translate what they hear by themselves."""

_REMEMBERED: Final = 500
_MOST_PAIRS_NAMED: Final = 30
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Translated:
    """Words in the target language; `did_translate` is false when they were in it already."""

    text: str
    provider: str
    did_translate: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """How words come into a language: unchanged, by the recogniser that hears them, or by translators in turn."""

    by_recognizer: bool = False
    translators: tuple[Translator, ...] = ()


class Translations:
    """The translators of a worker.

    `order` are the names of SPEECH_TRANSLATORS. What recognisers do by themselves has its place in it as `whisper`;
    without that word they are not asked to.
    """

    def __init__(self, translators: Sequence[Translator], order: Sequence[str] | None = None) -> None:
        self._translators = tuple(translators)
        self._order = tuple(order) if order is not None else tuple(one.name for one in translators)
        self._recent: OrderedDict[tuple[str, str, str], Translated] = OrderedDict()

    async def load(self) -> None:
        """Load every translator; one that is not there is left out and says why in its report."""
        results = await asyncio.gather(*(one.load() for one in self._translators), return_exceptions=True)
        for translator, result in zip(self._translators, results, strict=True):
            if isinstance(result, EngineTrouble):
                logger.info("Translator %s: %s", translator.name, result)
            elif isinstance(result, BaseException):
                raise result

    def pairs(self, spoken_targets: Iterable[str] = ()) -> set[str]:
        """Return the pairs that work now as `source-target`, `*` for any source.

        `spoken_targets` are the languages into which recognisers translate by themselves.
        """
        known = {pair_name(*pair) for one in self._ready() for pair in one.pairs()}
        if BY_RECOGNIZER in self._order:
            known |= {pair_name(ANY_LANGUAGE, plain_language(target)) for target in spoken_targets}
        return known

    def find(self, source: str, target: str, spoken_targets: Iterable[str] = ()) -> Route | None:
        """Return how words of a recogniser's setting (a locale, or `auto`) get into `target`; None if they cannot.

        `spoken_targets` are the languages into which this recogniser translates by itself.
        """
        heard, goal = plain_language(source), plain_language(target)
        if heard == goal:
            return Route()
        translators = self._translators_for(heard, goal)
        if goal in {plain_language(spoken) for spoken in spoken_targets} and self._is_left_to_recognizer(
            heard, translators
        ):
            return Route(by_recognizer=True)
        return Route(translators=translators) if translators else None

    async def translate(self, text: str, source: str, target: str, is_final: bool) -> Translated | None:
        """Return the text in `target`; None for an interim text that no quick translator takes.

        Raises EngineTrouble for final texts only.
        """
        heard, goal = plain_language(source), plain_language(target)
        if heard == goal or not text.strip():
            return Translated(text, provider="", did_translate=False)
        known = self._remembered((text, heard, goal))
        if known is not None:
            return known
        candidates = self._translators_for(heard, goal)
        if not is_final:
            candidates = tuple(one for one in candidates if one.is_quick())
        elif not candidates:
            raise self.unsupported(source, target)
        trouble: EngineTrouble | None = None
        for translator in candidates:
            try:
                translated = Translated(await translator.translate(text, heard, goal), translator.name)
            except EngineTrouble as problem:
                logger.warning("Translator %s, %s to %s: %s", translator.name, heard, goal, problem)
                trouble = problem
            else:
                self._remember((text, heard, goal), translated)
                return translated
        if is_final and trouble is not None:
            raise EngineTrouble("TRANSLATION_FAILED", str(trouble)) from trouble
        return None

    def unsupported(self, source: str, target: str, spoken_targets: Iterable[str] = ()) -> EngineTrouble:
        """Return the error that names what works instead."""
        known = sorted(self.pairs(spoken_targets))
        named = ", ".join(known[:_MOST_PAIRS_NAMED]) or "none"
        more = f" and {len(known) - _MOST_PAIRS_NAMED} more" if len(known) > _MOST_PAIRS_NAMED else ""
        wanted = pair_name(plain_language(source), plain_language(target))
        return EngineTrouble(
            "TRANSLATION_UNSUPPORTED", f"No engine translates {wanted}; pairs that work: {named}{more}"
        )

    def reports(self) -> list[EngineReport]:
        """Return how each translator is."""
        return [one.report() for one in self._translators]

    async def close(self) -> None:
        """Let go of every translator."""
        await asyncio.gather(*(one.close() for one in self._translators))

    def _ready(self) -> list[Translator]:
        return [one for one in self._translators if one.report().state is EngineState.READY]

    def _translators_for(self, source: str, target: str) -> tuple[Translator, ...]:
        return tuple(one for one in self._ready() if _serves(one, source, target))

    def _is_left_to_recognizer(self, source: str, translators: tuple[Translator, ...]) -> bool:
        """Whether no text translator comes first; none may when any language can be heard and it knows only some."""
        if BY_RECOGNIZER not in self._order:
            return False
        place = self._order.index(BY_RECOGNIZER)
        first = [
            one
            for one in translators
            if one.name in self._order[:place]
            and (source != AUTO or any(spoken == ANY_LANGUAGE for spoken, _ in one.pairs()))
        ]
        return not first

    def _remembered(self, key: tuple[str, str, str]) -> Translated | None:
        known = self._recent.get(key)
        if known is not None:
            self._recent.move_to_end(key)
        return known

    def _remember(self, key: tuple[str, str, str], translated: Translated) -> None:
        self._recent[key] = translated
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)


def _serves(translator: Translator, source: str, target: str) -> bool:
    return any(
        goal == target and (source == AUTO or spoken in (ANY_LANGUAGE, source))
        for spoken, goal in translator.pairs()
    )
